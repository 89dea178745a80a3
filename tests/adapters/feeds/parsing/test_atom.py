"""Atom and RSS: names, versions, times, links, tombstones, HTML; and CAP within or behind an entry."""

from html import escape

import pytest

from agents.adapters.feeds.atom.parse import parse
from agents.adapters.feeds.cap.parse import parse as parse_cap
from agents.adapters.feeds.parsed import Linked, Parse
from tests.adapters.feeds.parsing.invented import (
    ADDRESS,
    CAP_11,
    DOMAIN,
    alert,
    atom,
    entry,
    item,
    outcome,
    posts,
    read,
    rss,
    source,
)

NAME = "tag:ardudwy.example.org,2026:1"


def test_an_entry_is_as_old_as_its_publication_and_each_edit_is_a_revision() -> None:
    (post,) = posts(read(parse, atom(entry("urn:x:1"))))
    assert (post.post_id, post.revision) == ("urn:x:1", "2026-11-29T17:50:00Z")
    assert post.at.isoformat() == "2026-11-29T17:40:00+00:00"
    assert post.text == "The road is closed\n\nThe bridge at Pont Ddu is closed."
    assert (post.language, post.genre, post.change) == ("cy", "post", "new")


def test_a_name_that_is_no_identifier_here_becomes_the_same_one_each_time() -> None:
    once, again = (read(parse, atom(entry(NAME))) for _ in range(2))
    assert once == again
    assert posts(once)[0].post_id.startswith("foreign-")


def test_an_rss_item_without_a_moment_of_change_has_a_hash_of_its_words_as_revision() -> None:
    first, second = (posts(read(parse, rss(item(description=said))))[0] for said in ("It burns.", "It is out."))
    assert (first.post_id, first.at.minute, first.language) == ("urn:news:1", 40, "en")
    assert first.url == f"https://news.{DOMAIN}/1"
    assert first.post_id == second.post_id
    assert first.revision != second.revision


@pytest.mark.parametrize(
    ("written", "hour"),
    [
        ("2026-11-29T17:40:00Z", 17),
        ("2026-11-29T17:40:00.1234567+01:00", 16),
        ("20261129T174000+0000", 17),
        ("Sun, 29 Nov 2026 17:40:00 GMT", 17),
        ("Sun, 29 Nov 2026 17:40:00 -0500", 22),
        ("Sun, 29 Nov 2026 17:40:00 -0000", 17),
        ("29 Nov 26 17:40 EST", 22),
    ],
)
def test_a_time_with_a_zone_is_read_however_it_is_written(written: str, hour: int) -> None:
    (post,) = posts(read(parse, rss(item(pubDate=written))))
    assert post.at.hour == hour


@pytest.mark.parametrize(
    "written", ["2026-07-01T17:40:00", "Wed, 01 Jul 2026 17:40:00", "Wed, 01 Jul 2026 17:40:00 BST"]
)
def test_a_time_without_a_zone_is_refused_until_the_register_names_the_zone(written: str) -> None:
    """BST is three zones; none of them is guessed."""
    parsed = read(parse, rss(item(pubDate=written)))
    assert parsed.items == ()
    assert "time_zone" in parsed.faults[0]
    (post,) = posts(read(parse, rss(item(pubDate=written)), source(time_zone="Europe/London")))
    assert post.at.hour == 16


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"pubDate": None}, "no date"),
        ({"pubDate": "yesterday"}, "is no time"),
        ({"pubDate": "0001-01-01T00:00:00+14:00"}, "cannot be right"),
        ({"guid": None, "link": None}, "no id"),
    ],
)
def test_an_entry_that_cannot_be_judged_is_refused_and_keeps_no_other_back(changed: dict[str, str], said: str) -> None:
    parsed = read(parse, rss(item(**changed), item(guid="urn:news:2")))
    assert outcome(parsed) == [("new", "urn:news:2")]
    assert said in parsed.faults[0]


def test_a_tombstone_takes_its_entry_back_whatever_their_order() -> None:
    space = "http://purl.org/atompub/tombstones/1.0"
    stone = f'<at:deleted-entry xmlns:at="{space}" ref="urn:x:1" when="2026-11-29T17:59:00Z"/>'
    for parts in ((stone, entry("urn:x:1")), (entry("urn:x:1"), stone)):
        assert outcome(read(parse, atom(*parts))) == [("deleted", "urn:x:1")]


def test_the_order_of_entries_and_their_repetition_change_nothing() -> None:
    a, b = entry("urn:x:1"), entry("urn:x:2", published="2026-11-29T17:45:00Z")
    assert read(parse, atom(a, b)) == read(parse, atom(b, a, b))
    assert outcome(read(parse, atom(b, a))) == [("new", "urn:x:1"), ("new", "urn:x:2")]


def test_relative_links_are_made_whole_by_their_base() -> None:
    feed = atom(entry("urn:x:1", rest='<link href="../news/1"/>'), attributes=f'xml:base="https://news.{DOMAIN}/a/b"')
    assert posts(read(parse, feed))[0].url == f"https://news.{DOMAIN}/news/1"
    assert posts(read(parse, atom(entry("urn:x:1", rest='<link href="1"/>'))))[0].url == f"https://alerts.{DOMAIN}/1"


@pytest.mark.parametrize("href", ["javascript:alert(1)", "data:text/html,x", "http://[", "", "mailto:a@example.org"])
def test_a_link_to_nothing_that_people_can_open_is_left_out(href: str) -> None:
    assert posts(read(parse, atom(entry("urn:x:1", rest=f'<link href="{href}"/>'))))[0].url is None


WRITTEN = "<p>Stay <b>inside</b>.</p><script>x()</script><ul><li>One &amp; two</li></ul>"
HTML = f'<content type="html">{escape(WRITTEN)}</content>'
XHTML = f'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">{WRITTEN}</div></content>'


@pytest.mark.parametrize("content", [HTML, XHTML])
def test_html_becomes_plain_words(content: str) -> None:
    (post,) = posts(read(parse, atom(entry("urn:x:1", title=None, summary=None, rest=content))))
    assert post.text == "Stay inside.\n- One & two"


def test_a_title_that_only_begins_the_text_is_not_said_twice() -> None:
    (post,) = posts(read(parse, atom(entry("urn:x:1", title="The bridge at Pont…"))))
    assert post.text == "The bridge at Pont Ddu is closed."


def test_a_cap_message_in_an_entry_is_judged_as_one() -> None:
    for kind in ("text/xml", "application/cap+xml"):
        inside = f'<content type="{kind}">{alert(namespace=CAP_11, status="Test")}</content>'
        for reader in (parse, parse_cap):
            (post,) = posts(read(reader, atom(entry("urn:x:1", rest=inside))))
            assert (post.post_id, post.genre, post.status) == ("flood-1", "warning", "test")


@pytest.mark.parametrize("namespace", ["", "urn:oasis:names:tc:emergency:cap:1.3"])
@pytest.mark.parametrize("read_as", [parse, parse_cap])
def test_an_entry_does_not_go_out_in_the_place_of_a_message_that_is_not_read(read_as: Parse, namespace: str) -> None:
    """Its title would go out though the message in it is a drill, or cancels another."""
    carried = f'<content type="text/xml">{alert(status="Exercise", namespace=namespace)}</content>'
    parsed = read(read_as, atom(entry(rest=carried)))
    assert (parsed.items, parsed.links) == ((), ())
    assert "is not read" in parsed.faults[0]


def test_xhtml_whose_elements_have_a_prefix_becomes_plain_words_too() -> None:
    page = "<h:p>The bridge</h:p><h:script>steal()</h:script><h:p>is <h:b>closed</h:b>.</h:p>"
    written = f'<content type="xhtml"><h:div xmlns:h="http://www.w3.org/1999/xhtml">{page}</h:div></content>'
    (post,) = posts(read(parse, atom(entry(summary=None, rest=written))))
    assert post.text == "The road is closed\n\nThe bridge\nis closed."


@pytest.mark.parametrize(
    "title",
    ["Fire &amp;amp; smoke at Siop y &quot;Glan&quot;", "<![CDATA[Fire &amp; smoke at Siop y &quot;Glan&#34;]]>"],
)
def test_the_entities_of_a_title_in_rss_are_the_signs_that_they_stand_for(title: str) -> None:
    (post,) = posts(read(parse, rss(item(title=title))))
    assert post.text.startswith('Fire & smoke at Siop y "Glan"\n')


@pytest.mark.parametrize(
    ("attribute", "page"),
    [
        ("", f"https://news.{DOMAIN}/2"),
        (' isPermaLink="true"', f"https://news.{DOMAIN}/2"),
        (' isPermaLink="false"', None),
    ],
)
def test_a_guid_is_the_address_of_the_page_unless_it_says_that_it_is_none(attribute: str, page: str | None) -> None:
    written = item(link=None, guid=f"https://news.{DOMAIN}/2").replace("<guid>", f"<guid{attribute}>")
    (post,) = posts(read(parse, rss(written)))
    assert post.url == page


def test_a_cap_message_in_an_rss_item_is_judged_as_one() -> None:
    text = rss(item()).replace("</item>", f"{alert()}</item>")
    assert outcome(read(parse, text)) == [("new", "flood-1")]


LINK = f'<link rel="related" type="application/cap+xml" href="https://{DOMAIN}/cap/1.xml"/>'


def test_a_cap_message_behind_an_entry_has_to_be_fetched_before_anything_goes_out() -> None:
    """Fetched once at each revision of the entry."""
    parsed = read(parse, atom(entry("urn:x:1", rest=LINK)))
    assert parsed.items == ()
    assert parsed.links == (Linked(f"https://{DOMAIN}/cap/1.xml", "urn:x:1", "2026-11-29T17:50:00Z"),)


def test_an_entry_that_sums_up_a_cap_message_is_not_taken_for_it() -> None:
    """A summary shows no signature, and not all that a message says."""
    summary = f'<c:status xmlns:c="{CAP_11}">Test</c:status><link href="https://{DOMAIN}/cap/1"/>'
    parsed = read(parse, atom(entry("urn:x:1", rest=summary)))
    assert (parsed.items, len(parsed.links)) == ((), 1)


def test_every_entry_of_a_feed_of_cap_stands_for_a_message() -> None:
    parsed = read(parse_cap, rss(item(link=f"http://{DOMAIN}/cap/1"), item(guid="urn:news:2", link=None)))
    assert [one.address for one in parsed.links] == [f"https://{DOMAIN}/cap/1"]
    assert "nor links to one" in parsed.faults[0]


@pytest.mark.parametrize(
    "address",
    [
        "https://elsewhere.example.com/1",
        f"https://{DOMAIN}.example.com/1",
        f"https://{DOMAIN}@example.com/1",
        f"https://{DOMAIN}:8443/1",
        "http://169.254.169.254/latest",
        f"ftp://{DOMAIN}/1",
        "file:///etc/passwd",
    ],
)
def test_a_feed_sends_us_nowhere_but_to_its_own(address: str) -> None:
    parsed = read(parse, atom(entry("urn:x:1", rest=f'<link type="application/cap+xml" href="{address}"/>')))
    assert not any(one.address == address for one in parsed.links)
    assert ADDRESS not in [one.address for one in parsed.links]


def test_what_is_no_feed_is_named() -> None:
    parsed = read(parse, "<RDF/>")
    assert "<RDF> is no Atom or RSS feed" in parsed.faults[0]


RDF_FEED = """<?xml version="1.0" encoding="UTF-8"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
  xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel rdf:about="https://{domain}/news.rdf"><title>News</title><link>https://{domain}/</link>
<description>News</description><dc:language>cy-GB</dc:language>
<items><rdf:Seq><rdf:li rdf:resource="https://{domain}/1"/></rdf:Seq></items></channel>
<item rdf:about="https://{domain}/1"><title>The road is closed</title><link>https://{domain}/1</link>
<description>The bridge at &lt;b&gt;Pont Ddu&lt;/b&gt; is closed.</description>{date}</item>
</rdf:RDF>"""


def test_a_feed_of_rss_1_0_is_read() -> None:
    """An item is known by what it is about; its date and its language are those of Dublin Core."""
    date = "<dc:date>2026-11-29T17:40:00Z</dc:date>"
    (post,) = posts(read(parse, RDF_FEED.format(domain=DOMAIN, date=date)))
    assert (post.post_id, post.url) == (f"https://{DOMAIN}/1", f"https://{DOMAIN}/1")
    assert post.at.isoformat() == "2026-11-29T17:40:00+00:00"
    assert post.text == "The road is closed\n\nThe bridge at Pont Ddu is closed."
    assert post.language == "cy"


def test_an_item_of_rss_1_0_without_a_date_is_refused_as_everywhere() -> None:
    parsed = read(parse, RDF_FEED.format(domain=DOMAIN, date=""))
    assert parsed.items == ()
    assert "it has no date" in parsed.faults[0]
