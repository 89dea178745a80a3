"""Placeholders: what people leave in a text that was not finished, as a table of kinds with an example of each."""

import re
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from streams.decisions.placeholder_words import ALONE, COUNTED, NAMED, NOUNS, RHOWCH, TERM, WRITE

_NOUN = f"(?:{'|'.join(noun.upper() for noun in NOUNS)})"
_ANY_NOUN = f"(?:{'|'.join(NOUNS)})"
_TEXT = (
    rf"(?:(?:the |your |an? |some |correct |relevant |eich )*(?:{TERM}|headline|paragraph|quote|sentence|statement"
    r"|summary))"
)
_BEFORE_A_VALUE = r"(?:at|by|on|in|from|until|since|call|of|to|near|am|erbyn|yn|ers|ffoniwch|rhwng)"
_LABEL = (
    r"(?:Location|Place|Time|Date|Name|Number|Tel|Telephone|Phone|Contact|E-?mail|Website|Link|Venue|Where|When"
    r"|Next update|Lleoliad|Amser|Dyddiad|Enw|Rhif|Ffôn|Gwefan|Diweddariad nesaf)"
)
_HONEST_YET = r"(?<!yet )(?<!still )(?<!has )(?<!have )(?<!remains )(?<!remain )(?<!needs )(?<!need )"
_UNIT = r"(?:am|pm|st|nd|rd|th|mph|kmh?|mm?|cm|kg|ft|hrs?|k|mya|yb)"


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to leave a gap: its name, what it looks like, and an example.

    `plain` ignores the case of letters; `needs` are signs and `words` small words, of which every such gap has one, to
    be quick where none is; `in_links` looks inside links and addresses too.
    """

    name: str
    pattern: str
    example: str
    plain: bool = False
    needs: str = ""
    words: tuple[str, ...] = ()
    in_links: bool = False

    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE if self.plain else 0)

    def may_stand_in(self, signs: AbstractSet[str], small: str) -> bool:
        """Whether a text of these signs, which reads so in small letters, can hold such a gap at all."""
        if self.words:
            return any(word in small for word in self.words)
        return not self.needs or not signs.isdisjoint(self.needs)


KINDS = (
    Kind("a field in braces", r"[$#@%]?\{[^{}]*\}|[{}]|\$[(\[][^)\]]*[)\]]", "${name}", needs="{}$"),
    Kind(
        "a field in brackets",
        r"\[(?!sic\]|\d{1,2}/\d{1,2}\]|(?:amended|audio|clip|correct(?:ed|ion)|cy|cymraeg|en|english|fideo"
        r"|diweddariad|live"
        r"|livestream|llun|photos?|pics?|pictures?|thread|translation|update[ds]?|video|welsh)"
        r"(?: above| below| isod| uchod| [\d:./ ]+)?\]|(?:photo|picture|image|map|video|llun"
        r"|fideo): )[^\[\]]*\]|\[(?![^\]]*\])",
        "[insert place]",
        plain=True,
        needs="[",
    ),
    Kind(
        "a field in angle brackets",
        r"<<?\s*[A-Za-zÀ-ÿ/!?%][^<>]{0,80}>|<[%?!]|«\s*\w[\w ]{0,40}»|<\s*>(?! [A-Z])|«\s*»|<<\s*[a-z][^<>\n]{0,80}\?",
        "<name>",
        needs="<«",
    ),
    Kind("a field in double parentheses", r"\(\([^()]*\)\)", "((name))", needs="("),
    Kind(
        "a field of a program",
        r"%\(\w+\)[sdif]|%\d*\$?[sdif]\b(?!\w)|%-?\d*\.\d+f|%@|%[A-Za-z_]+(?:\|\w*)?%"
        r"|(?<!\d)(?<!\d )%[A-Za-z](?![A-Za-z])|@Model\b|%[57][BbDd]|=[A-Z]{2,}\(",
        "%s",
        needs="%=@",
    ),
    Kind("a variable", r"\$[A-Za-z_][A-Za-z_]\w*", "$AREA", needs="$"),
    Kind(
        "a field between marks",
        r"\*\|[^|]*\|\*|\|\|[^|]*\|\||\|\w+\||~\w+~|\^\w[\w ]*\^|!!\w+!!|§\w+§|##?\w+##?(?!\w)(?<=#)|@@\w*|::\w[\w.]*::"
        r"|(?<![\w:]):[a-z_]+:(?!\w)",
        "*|NAME|*",
        needs="|~^!§#@:",
    ),
    Kind(
        "words joined together",
        r"(?<![\w@#/.])(?!easy[A-Z])[a-z]{3,}(?:[A-Z][a-z\d]+)+\b|\b[A-Z]{3,}(?:NAME|NUMBER)\b|\b[AMB]NUMBER\b"
        r"|\b(?:Area|Contact|End|Event|First|Hospital|Incident|Job|Last|Phone|Place|Post|Road|Site|Start|Town|Trust"
        r"|User|Ward)(?:Address|Area|Code|Count|Date|Id|Location|Name|Number|Place|Time|Title|Type)\d?\b"
        r"|(?<![\w.@/-])(?:area|contact|event|hospital|incident|org|patient|person|recipient|site|trust|user|ward)"
        r"\.(?:address|area|date|email|id|location|name|number|phone|time|title|type)\b(?![./])",
        "placeName",
    ),
    Kind(
        "words joined by underscores",
        r"(?<![\w#@/.])[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?![\w@])",
        "AREA_NAME",
        needs="_",
    ),
    Kind(
        "a line to write on",
        r"_{2,}|(?<![\w@])_(?![\w@])|(?<![\w@#])_\w+_(?!\w)",
        "(___)",
        needs="_",
    ),
    Kind(
        "a row of dots",
        r"(?<![a-z]{3})\.{4,}|\b(?:call|from|near|until)\.{4,}|(?<!\.)\.{7,}|…{2,}|\.\s\.\s\.|\(\s*(?:\.{2,}"
        r"|…)\s*\)|[\"“‘](?:\.{2,}|…)[\"”’]"
        rf"|(?<!\S)(?:\.{{3}}|…) (?:{COUNTED})\b",
        "........",
        needs=".…",
    ),
    Kind(
        "dots or a question mark for a value",
        rf"\b{_BEFORE_A_VALUE}\s(?:\.\.+|…|\?)(?=[\s,.;]|$)",
        "at ... today",
        plain=True,
        needs=".…?",
    ),
    Kind(
        "question marks",
        rf"(?<![a-z]{{2}})(?<![?!])\?{{2,}}|(?<=\w)\?{{2,}}(?=\w)|\(\s*\?\s*\)|(?<=\s)\?(?={_UNIT}?(?:\s|$))"
        rf"|\d[.:]\?|\d\?[.:\d]",
        "22:??",
        needs="?",
    ),
    Kind("a doubtful hour", r"\b00[:.]00\s?(?:\?|[ap]m\b)|\b00\.00\b|\b99[:.]99\b", "00:00?", plain=True),
    Kind(
        "a row of signs",
        r"#{2,}|%{2,}|(?<![\w!*])(?<![A-Z!] )\*{3,}(?!\*| ?[A-Z])|(?<=\s)\*{2}(?= [a-z])|\*{2}[:.]\*{2}|(?<!-)-{3,}"
        r"|-{2}[:.]-{2}|~{2,}|={3,}|/{3,}|\^{2,}|[—–]{3,}|[█▓▒░■□▢☐]+|(?:[-–—]\s){2,}",
        "###",
        needs="#%*-~=/^█▓▒░■□▢☐–—",
    ),
    Kind(
        "a sign for a number",
        r"(?<=\s)(?<!then )(?<!or )(?<!press )#(?=\s)|£(?:[Xx]+\b|(?=[\s.,]))",
        "# people",
        needs="#£",
    ),
    Kind(
        "a row of X",
        rf"(?<![\w#@])(?:Xxx+|(?!(?<=[.!?] )x{{2,4}}$)[Xx]{{2,}}){_UNIT}?(?!\w|-\d\d)|(?<!\w)[Xx]{{2}}\d\d\b|×{{2,}}"
        rf"|(?<!\w)[Xx](?:[ .,][Xx])+(?!\w)|(?<!\w)[Xx](?:{_UNIT}|day| o['’]clock)\b"
        r"|[Xx]{2,}[A-Z]+[Xx]{2,}",
        "XXX",
        needs="Xx×",
    ),
    Kind(
        "X in a number",
        r"\b\d+[Xx]{2,}\w*|\b0X\w*|\b[A-Z]{1,2}XX+\b|\b[ABM]x{2,}\b|\b\d[Xx][:/.]\d",
        "01xxx xxxxxx",
        needs="Xx",
    ),
    Kind(
        "X for a name or a number",
        r"\b(?i:mr|mrs|ms|dr|ward|hospital|site|road|street|town|area|building|level|junctions?|trust|pc|person"
        r"|company|organisation|numbers?|village|platform|opel|reap|stage|phase|step|ysbyty|tref) [XYZ]\b(?!-)"
        r"|\bJ[XYZ]\b|\bX(?:,| and|/| or) Y\b|\bX of [XY]\b"
        r"|(?<!Malcolm )\bX (?:Hospital|Trust|School|Council|Police|Road|Street)\b",
        "Hospital X",
        needs="XYZ",
    ),
    Kind(
        "a letter for a number",
        rf"(?<!The )(?<!the )(?<!['’])\b[XxNn] (?:{COUNTED})\b|\b[Bb]etween [xXnN] and [xXnN]\b"
        r"|\b(?:about|all|around|have|least|over|some|than) N [a-z]{3,}s\b|(?<!\w)[XxNn]\s?(?:%|°|per cent\b)",
        "X people",
    ),
    Kind("noughts for a number", rf"(?<![\d:.,/])\b00+ (?:{COUNTED})\b", "00 people", needs="0"),
    Kind(
        "repeated letters for a value",
        r"(?<![\w#@])(?:Y{2,}|Z{2,}|N{2,}|n{2,}|[Ll]orem|([A-Za-z])\1{3,}|X?YZ|xyz)(?!\w)",
        "NN",
    ),
    Kind(
        "a date as letters",
        r"\b(?:DD|dd)(?:th|st)?[ /.-]?(?:MM+|mm+|Mon|Month|MONTH|MIS|mis)\b|\b(?:MM|mm)[ /.-](?:DD|dd|YY|yy)"
        r"|\b(?:YYYY|yyyy|BBBB|DDMMYY\w*|ddmmyy\w*|CCYY|yy)\b|\bdd/|\b[Dd]ay/[Mm]onth|\b[Dd]/[Mm]/[Yy]+\b"
        r"|\b(?:20|19)(?:YY|yy)\b",
        "YYYY-MM-DD",
    ),
    Kind(
        "an hour as letters",
        r"\b([A-Za-z])\1[:.]\1\1\b|\b(?:HH|hh|AA)[:.]?(?:MM|mm)(?:[:.]?(?:SS|ss))?\b|\b(?:HH|hh):",
        "HH:MM",
    ),
    Kind(
        "a date of nothing",
        r"\b00[/.-]00[/.-]\d+|\b99[/.-]99[/.-]\d+|\b0000-00-00\b|\b0001-01-01|\b0?1[/.-]0?1[/.-](?:1900|1970|0001)\b"
        r"|\b(?:1900|1970)-01-01\b|\b1(?:st)? January (?:1900|1970|0001)\b|\b30[/.-]12[/.-]1899\b"
        r"|\b31[/.-]12[/.-]9999\b",
        "00/00/0000",
        needs="0",
    ),
    Kind(
        "a made-up number",
        r"\b0?1234\W?567\W?890?\b|\b123\W?456\W?789\d?\b|\b0{5,}\b|\b0{3,4} 0{3,}\b|\b12345\b|\b9{5,}\b",
        "01234 567890",
        needs="059",
    ),
    Kind("to be confirmed", r"\bT\.?B\.?[CADN](?:onfirmed)?\b|\b[Tt]b[cadn]\b|\bt\.b\.[cadn]\b|\bTK(?:TK)*\b", "TBC"),
    Kind(
        "to be confirmed, in words",
        rf"{_HONEST_YET}\bto be (?:added|advised|announced|completed|confirmed|decided|determined|filled in|inserted"
        r"|provided|replaced|supplied)\b(?! by\b)|[:(–-] ?to follow(?=[.,;)]|\s*$)"
        r"|[:–-] ?(?:awaiting|pending) (?:figures?|name|number|quote|sign-?off|text)\b"
        r"|(?<!sydd )(?<!eto )(?<!dal )\bi['’]w (?:benderfynu|ch?adarnhau|gadarnhau|chwblhau|gwblhau|gyhoeddi|gytuno"
        r"|lenwi|nodi|rannu yma|ychwanegu)\b|: i ddilyn\b",
        "i'w gadarnhau",
        plain=True,
    ),
    Kind(
        "a place to write in",
        rf"\b(?:insert|list|paste|type) (?:[\w'’]+ ){{0,4}}here\b(?!:)"
        rf"|\b(?:{WRITE})\b[^.\n]{{1,20}}\b{_TEXT} here\b(?!:)"
        r"|\b(?:copy|insert|paste)\b[^.\n]{0,30}\b(?:above|below)\b"
        rf"|\byour (?:\w+ )?(?:{_ANY_NOUN}) (?:goes )?here\b(?!:)|\b{_ANY_NOUN} (?:goes|to go) here\b"
        r"|(?:^|[:.(]\s*)(?:link|quote|map|photo|logo|text|name|number) here(?=[.)\n]|$)",
        "your quote here",
        plain=True,
        words=("here", "above", "below"),
    ),
    Kind(
        "an instruction to the writer",
        rf"\binsert {_TEXT}\b(?! card)|: insert\b|\bfill in (?:the )?(?:{ALONE})\b|\btype your message\b"
        rf"|\((?:(?:describe|insert|list|specify)\b|(?:{WRITE}|explain|give|include|replace with) (?:{_TEXT}"
        rf"|what|who|where|when"
        r"|how|why|if)\b)[^()]*\)|\((?:[^()]* )?(?:if|as|where) (?:appropriate|applicable|known|necessary|relevant)\)"
        rf"|\b(?:{RHOWCH}) (?:yr? |['’]r )?{_ANY_NOUN}\b",
        "insert name",
        plain=True,
    ),
    Kind(
        "a choice left to the writer",
        r"\b(?:delete|amend|edit|change|complete|strike out|choose|select) (?:as|where|if) "
        r"(?:appropriate|applicable|necessary|required|needed|not needed|relevant)\b"
        r"|\bdelete (?:one|whichever)\b|\b(?:select|choose) one(?=$|[\n:.)\]]| option)|\bdewiswch un\b"
        r"|\b(?:select|choose) (?:an?|from|one) (?:the )?(?:building|drop-?down|item|list|option)\b"
        r"|\breplace this\b|\boptional:"
        r"|\b(?:add|delete|include|omit|use)(?: only)? (?:if|when|where) [^.:\n]{1,40}:"
        r"|\b(?:name|number|time|date|location|place|link|quote|logo) to follow\b"
        r"|\b(?:mewnosod|mewnosodwch|llenwch)\b|\bdil(?:[eë](?:u|wch)|eer) (?:fel|os) (?:y bo|sydd?"
        r"|nad)[^.]{0,20}(?:briodol|angen)",
        "delete as appropriate",
        plain=True,
    ),
    Kind(
        "a word of the writer's own",
        r"\b(?:TODO|FIXME|INSERT|PLACEHOLDER|DUMMY|DRAFT|DRAFFT|SAMPLE|MEWNOSOD|WIP|REDACTED)\b"
        r"|\bCHECK\b(?! (?i:before|for|if|in|on|out|that|the|travel|your)\b)"
        r"|(?<![A-Z] )\bFILL IN\b(?! [A-Z])|/\*|\bEITHER\b[^.]{1,60}\bOR\b|\bOption [1A]:",
        "TODO",
    ),
    Kind("placeholder, by name", r"\bplaceholder\b|\bsample text\b|\bdummy text\b", "placeholder", plain=True),
    Kind(
        "filler",
        r"lorem ipsum|dolor sit amet|\bblah(?: blah)+|\basdf\w*|\bqwerty\b|\b(?:test|text)(?: (?:test"
        r"|text))+\b(?! only)|\bfoo ?bar\b|\byada yada\b"
        r"|\bquick brown fox\b",
        "lorem ipsum",
        plain=True,
    ),
    Kind(
        "what an office program leaves",
        r"click (?:or tap )?(?:here )?to (?:edit|enter (?:a date|text)|add (?:a )?(?:sub)?(?:title|text|notes))"
        r"|choose an item"
        r"|\berror! \w+|object reference not set|\w+exception\b(?<=[a-z]E.{8})|-nan\b|\bmergefield\b"
        r"|&(?!amp;)(?:[a-z]{2,8}|#x?[\da-f]+);"
        r"|cliciwch (?:neu dapiwch )?yma i roi"
        r"|\[native code",
        "Click or tap here to enter text.",
        plain=True,
    ),
    Kind(
        "an empty value",
        r"#(?:REF|N/A|NAME|VALUE|DIV/0|NUM|NULL|SPILL|CALC)(?:[!?]|(?<=A))|\bundefined\b|\bNULL\b|\bNaN\b|\[object"
        r"|(?<!declared )(?<!is )(?<!was )\bnull\b(?! and void|-)|\bInvalid [Dd]ate\b|(?<=[a-zŵŷ] )None\b"
        r"|\b(?i:at|by|on|in|from|until|near|contact|call|ring|dear|hello|hi|am|yn) (?:None|nil)\b",
        "undefined",
    ),
    Kind("not applicable", r"(?<![\w/])(?:N/A|n/a|N\.A\.)(?![\w/])", "N/A", needs="/."),
    Kind("nothing between signs", r"\(\s*\)|“\s*”|\"\s*\"(?!\w)|‘\s*’", "()", needs='(“"‘'),
    Kind(
        "nothing where a value belongs",
        rf"\b(?:{_BEFORE_A_VALUE}|dear|annwyl) +[,.;:](?=\s|$)|\b(?:at|on|in|from|by|to|call|ring|am"
        rf"|yn)  +(?:on|at|by|and|for|or|until"
        r"|is|are|a|neu|ar|mae)\b",
        "at , call",
        plain=True,
    ),
    Kind("a label without its value", rf"\b{_LABEL}:\s*(?=[.,;\n]|$)", "Location: ", needs=":"),
    Kind(
        "a place that is only a word",
        r"\b(?:AT|NEAR|UNTIL|CALL|VISIT|YN|AM) (?:ADDRESS|DATE|LOCATION|NAME|NUMBER|URL|VENUE|WEBSITE|LLEOLIAD"
        r"|AMSER)\b(?!:? \w)"
        rf"|\b(?:NAMES? OF(?: THE)?|ENW(?:['’]R| YR?)?) [A-ZŴŶ]{{3,}}\b(?!: ?\w)|\b(?:{NAMED.upper()}) NAME\b(?!:? \w)",
        "FIRE AT LOCATION",
    ),
    Kind(
        "a noun between signs",
        rf"(?<!\d )(?<!\d)\((?:{ALONE})(?: tbc)?\)|[*“‘\"](?:{ALONE})[*”’\"]|\((?:no|nos)\.\)",
        "(place)",
        plain=True,
        needs='(*“‘"',
    ),
    Kind(
        "a name that is nobody's",
        r"\b(?:Trust|Hospital|Town|City|Company) [A-D] and (?:Trust|Hospital|Town|City|Company) [A-D]\b"
        rf"|\b(?:{NAMED}) Name\b|\b(?:Job|Full) Title\b|\b(?:Dr|Mrs?|Ms|Prof) (?:Name|Surname)\b"
        r"|\b(?:Name Surname|First[Nn]ame|Last[Nn]ame|Joe Bloggs|John Doe|Jane Doe|A\.? ?N\.? Other\b(?!-)"
        r"|\w+ Bloggs|Sometown"
        r"|ABC (?:Hospital|Trust|Road|Street|Ward)|Any(?:town(?! [A-Z])| Street))\b"
        r"|\b(?:Enw|Enw['’]r) (?:Cyfenw|Ysbyty|Safle|Person|Ardal|Lle|Digwyddiad)\b",
        "Name Surname",
    ),
    Kind(
        "an account that is nobody's",
        rf"(?<!\w)@(?:\w+_)?(?:{_NOUN}|X{{2,}}[A-Z]?\w*|[A-Z]*NAME|(?:LOCAL|YOUR)?(?:POLICE|FIRE|AMBULANCE"
        rf"|COUNCIL)(?:FORCE"
        rf"|SERVICE)?|FORCE|ORG|USER"
        r"|MENTION)(?:_\w+)?(?!\w)|(?<!\w)@(?i:\w*handle|username|account|accountname|areaname|trustname"
        r"|your(?:local)?(?:name|trust|account|handle|area|council|police|hospital|force))(?!\w)",
        "@AREA",
        needs="@",
    ),
    Kind(
        "a hashtag that is nobody's",
        rf"(?<!\w)#(?:{_NOUN}|[A-Z]*(?:NAME|HASHTAG)|TAG|TOPIC|X{{2,}}|(?i:\w*hashtag|your(?:area|event"
        rf"|incident|name|place|tag|town)|hashnod|incidentname))(?!\w)",
        "#HASHTAG",
        needs="#",
    ),
    Kind(
        "a link that leads nowhere",
        r"(?<![\w.-])(?:www\.)?(?:example|domain|yourdomain|yoursite|yourwebsite|yourtrust|website"
        r"|x{2,})\.(?:com|org|net|co\.uk"
        r"|nhs\.uk|cymru|wales)\b|\b(?:x{2,}|name|your\.?name|(?:first|fore)name[._-]?(?:last|sur)name"
        r"|first\.last|user|someone)@|@x{2,}\."
        r"|https?://(?:\.{2,}|…|x{2,}|www\.x{2,}|link\b|url\b|$|\s)|www\.(?:\.+|x{2,}|…)|/x{3,}\b"
        r"|(?:://|www\.)[\w.]*?(?-i:[A-Z]*(?:NAME|YOUR)[A-Z]*)\.",
        "www.example.com",
        plain=True,
        needs=".@/",
        in_links=True,
    ),
    Kind(
        "words to choose from",
        r"\b(?:is\s?/\s?are|are\s?/\s?is|has\s?/\s?have|have\s?/\s?has|was\s?/\s?were|were\s?/\s?was"
        r"|does\s?/\s?do|do\s?/\s?does"
        r"|this\s?/\s?these|will\s?/\s?will not|can\s?/\s?cannot|is\s?/\s?is not|are\s?/\s?are not|open\s?/\s?closed"
        r"|closed\s?/\s?open|yes\s?/\s?no|am\s?/\s?pm|today\s?/\s?tomorrow|morning\s?/\s?afternoon"
        r"|tonight\s?/\s?tomorrow"
        r"|at\s?/\s?in|in\s?/\s?at|on\s?/\s?at|a\s?/\s?an|sir\s?/\s?madam|mr\s?/\s?mrs|minor\s?/\s?major"
        r"|(?:critical|major)\s?/\s?"
        r"(?:critical|major)|partly\s?/\s?fully|fully\s?/\s?partly|s?he\s?/\s?s?he\s?/\s?they|his\s?/\s?her\s?/\s?their"
        r"|(?:amber|red|yellow|green)\s?/\s?(?:amber|red|yellow|green)(?= for\b)"
        r"|mae\s?/\s?(?:nid yw|maent|oedd)|yw\s?/\s?ydynt|sydd\s?/\s?oedd|ar agor\s?/\s?ar gau|ar gau\s?/\s?ar agor"
        r"|bore\s?/\s?prynhawn|heddiw\s?/\s?yfory|oes\s?/\s?nac oes|y bore\s?/\s?prynhawn)\b"
        r"|\w/\w+(?: \w+)?\*(?![\w*])|\b(\w+)\s?/\s?(?:\1 not|not \1|un\1|\1n['’]t)\b",
        "is/are",
        plain=True,
        needs="/",
    ),
    Kind(
        "a doubt of the writer's",
        r"\((?:to |please |pls )?(?:check|confirm|verify|sp|spelling|gwirio)(?: (?:with|w/|this|details"
        r"|figures?|numbers?|times?"
        r"|spelling)\b[^()]*)?\s?\??\)|\((?![^()]*(?:able|yet|us|free) to)[^()]{1,30} to (?:add|advise|check"
        r"|confirm|provide|supply)\)"
        r"|\bnote to (?:author|editor|self|writer)\b|\bget sign-?off\b|\bdraft (?:copy|for|only|text|version"
        r"|v?\d)\b|\bfor (?:approval|clearance|sign-?off)\s*[:)]|\bapproved by:\s*(?:$|\[)"
        r"|\bdo not (?:post|publish|release|send)(?=[.:!)\]]|$| yet\b| until\b| without\b)|\bhold [-–:] "
        r"|\([^()]{1,40}\?\)"
        r"|\bnot for (?:distribution|publication|release)\b",
        "(check)",
        plain=True,
    ),
)
