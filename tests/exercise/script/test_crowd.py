from datetime import timedelta

from agents.exercise.script.crowd import CrowdPost, Recount, crowd, slices
from agents.exercise.script.scenario import Crowd
from streams.words.incident import Declare
from tests.exercise.scripts import DECLARE

CROWD = Crowd(phrases=("One thing", "Another thing"), rate=30, lasts=timedelta(minutes=2), authors=5)


def said(text: str) -> CrowdPost:
    return CrowdPost(timedelta(), "author-1", text)


def test_the_same_seed_gives_the_same_crowd() -> None:
    assert crowd(CROWD, begins=timedelta(), seed="1") == crowd(CROWD, begins=timedelta(), seed="1")
    assert crowd(CROWD, begins=timedelta(), seed="1") != crowd(CROWD, begins=timedelta(), seed="2")


def test_a_crowd_has_its_rate_its_time_and_its_authors() -> None:
    posts = crowd(CROWD, begins=timedelta(minutes=1), seed="1")
    assert len(posts) == 60
    assert all(timedelta(minutes=1) <= post.at < timedelta(minutes=3) for post in posts)
    assert len({post.author for post in posts}) <= 5


def test_no_post_is_put_before_its_time_and_none_is_lost() -> None:
    posts = crowd(CROWD, begins=timedelta(minutes=1), seed="1")
    batches = list(slices(posts))
    assert [post for _, batch in batches for post in batch] == posts
    assert all(post.at < at for at, batch in batches for post in batch)


def test_the_second_count_knows_words_phrases_and_hashtags() -> None:
    recount = Recount([Declare.model_validate(DECLARE)])
    recount.add(map(said, ["at PONT  DDU now", "#pontddu!", "a coach crash at Pont Ddu", "Pont", "ddu pontddux"]))
    assert recount.count == 3
