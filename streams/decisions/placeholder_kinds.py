"""Placeholders: what people leave in a text that was not finished, as a table of kinds with an example of each."""

import re
from dataclasses import dataclass

# A caps word of these stands for a value, unless the whole text is written in capitals.
_NOUNS = (
    "ACCOUNT ADDRESS AGENCY AMOUNT AREA BUILDING CAUSE CITY CONTACT COUNTY DATE DAY DEPARTMENT DETAILS EMAIL EVENT "
    "HANDLE HASHTAG HAZARD HERE HOSPITAL HOURS INCIDENT LINK LOCATION LOCATIONS MESSAGE MONTH NAME NAMES NUMBER "
    "NUMBERS ORGANISATION ORGANIZATION PARTNER PERSON PHONE PLACE POSTCODE QUANTITY REASON REGION ROAD ROLE SERVICE "
    "SITE SPOKESPERSON STREET SURNAME TELEPHONE TEXT TIME TITLE TOWN TRUST TYPE URL USERNAME VENUE WARD WEBSITE YEAR "
    "AMSER ARDAL CYFEIRIAD DIGWYDDIAD DOLEN DYDDIAD ENW FFÔN GWASANAETH LLE LLEOLIAD MANYLION RHIF SAFLE TREF YSBYTY"
)
_NOUN = f"(?:{'|'.join(_NOUNS.split())})"
_A_THING = (
    r"(?:name|names|date|day|time|place|location|number|numbers|detail|details|area|road|hospital|site|phone|telephone"
    r"|link|url|website|address|postcode|ward|town|quote|logo|photo|picture|map|hashtag|contact|incident|text|service|role|title"
    r"|enw|lle|lleoliad|dyddiad|amser|rhif|ardal|safle|ysbyty|manylion|dolen|ffôn)"
)
_BEFORE_A_VALUE = r"(?:at|by|on|in|from|until|since|call|of|to|near|am|erbyn|yn|ers|ffoniwch|rhwng)"
_LABEL = (
    r"(?:Location|Place|Time|Date|Name|Number|Telephone|Phone|Contact|Venue|Where|When|Lleoliad|Amser|Dyddiad|Enw|Rhif)"
)
_HONEST_YET = r"(?<!yet )(?<!still )(?<!has )(?<!have )(?<!remains )(?<!remain )(?<!needs )(?<!need )"


@dataclass(frozen=True, slots=True)
class Kind:
    """A way to leave a gap: its name, what it looks like, and an example; `plain` ignores the case of letters."""

    name: str
    pattern: str
    example: str
    plain: bool = False

    def compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE if self.plain else 0)


KINDS = (
    Kind("a field in braces", r"[$#@%]?\{[^{}]*\}|[{}]", "${name}"),
    Kind("a field in brackets", r"\[[^\[\]]*\]|\[", "[insert place]"),
    Kind("a field in angle brackets", r"<<?\s*[A-Za-zÀ-ÿ/!?%][^<>]{0,80}>|<[%?!]|«\s*\w+\s*»", "<name>"),
    Kind("a field in double parentheses", r"\(\([^()]*\)\)", "((name))"),
    Kind("a field of a program", r"%\(\w+\)[sdif]|%\d*\$?[sdif]\b(?!\w)|%[A-Za-z_]+%", "%s"),
    Kind("a variable", r"\$[A-Za-z_][A-Za-z_]\w*", "$AREA"),
    Kind(
        "a field between marks",
        r"\*\|\w+\|\*|\|\|[^|]*\|\||~\w+~|##?\w+##?(?!\w)(?<=#)|@@\w*|(?<![\w:]):[a-z_]+:(?!\w)",
        "*|NAME|*",
    ),
    Kind(
        "words joined together",
        r"\b(?i:area|contact|end|event|first|hospital|incident|last|phone|place|road|site|start|town|trust|user|ward)"
        r"(?:Name|Number|Time|Date|Place|Id|Location)\b|\b[A-Z]{3,}(?:NAME|NUMBER)\b",
        "placeName",
    ),
    Kind("words joined by underscores", r"(?<![\w#@/.])[A-Za-z][A-Za-z0-9]*(?:_[A-Za-z0-9]+)+(?![\w@])", "AREA_NAME"),
    Kind("a line to write on", r"_{2,}|(?<![\w@])_(?![\w@])|(?<![\w@#])_\w+_(?!\w)", "(___)"),
    Kind("a row of dots", r"\.{4,}|…{2,}|\.\s\.\s\.|\(\s*(?:\.{2,}|…)\s*\)", "........"),
    Kind(
        "dots or a question mark for a value",
        rf"\b{_BEFORE_A_VALUE}\s(?:\.\.+|…|\?)(?=[\s,.;]|$)",
        "at ... today",
        plain=True,
    ),
    Kind("question marks", r"\?{2,}|\(\s*\?\s*\)|(?<=\s)\?(?=\s|$)|\d[.:]\?|\d\?[.:\d]", "22:??"),
    Kind("a doubtful hour", r"\b00[:.]00\s?(?:\?|[ap]m\b)|\b00\.00\b|\b99[:.]99\b", "00:00?", plain=True),
    Kind(
        "a row of signs",
        r"#{2,}|%{2,}|\*{3,}|-{3,}|-{2}[:.]-{2}|~{2,}|={3,}|/{3,}|\^{2,}|[█▓▒░■□▢☐]+|(?:[-–—]\s){2,}",
        "###",
    ),
    Kind("a sign for a number", r"(?<=\s)#(?=\s)|£(?:[Xx]+\b|(?=[\s.,]))", "# people"),
    Kind("a row of X", r"(?<![\w#@])(?:Xxx+|[Xx]{2,})(?:am|pm|st|nd|rd|th|km|m)?(?!\w)", "XXX"),
    Kind("X in a number", r"\b\d+[Xx]{2,}\w*|\b0X\w*|\b[A-Z]{1,2}XX+\b", "01xxx xxxxxx"),
    Kind(
        "X for a name or a number",
        r"\b(?i:mr|mrs|ms|dr|ward|hospital|site|road|street|town|area|building|unit|gate|level|junctions?|trust|pc|person"
        r"|numbers?) [XYZ]\b(?!-)|\bJ[XYZ]\b|\b[XxNn] (?:people|patients|persons|casualties|hospitals|sites|hours"
        r"|minutes|days|miles|number of|o bobl|awr|munud)\b|\bX(?:,| and|/| or) Y\b",
        "Hospital X",
    ),
    Kind("repeated letters for a value", r"(?<![\w#@])(?:Y{2,}|Z{2,}|N{2,}|n{3,}|[Ll]orem|B{4})(?!\w)", "NN"),
    Kind(
        "a date as letters",
        r"\b(?:DD|dd)(?:th|st)?[ /.-]?(?:MM+|mm+|Mon|Month|MIS|mis)\b|\b(?:MM|mm)[ /.-](?:DD|dd|YY|yy)"
        r"|\b(?:YYYY|yyyy|BBBB|DDMMYY\w*|ddmmyy\w*|CCYY|yy)\b|\bdd/|\b[Dd]ay/[Mm]onth|\b(?:20|19)(?:YY|yy)\b",
        "YYYY-MM-DD",
    ),
    Kind("an hour as letters", r"\b(?:HH|hh|AA)[:.]?(?:MM|mm)(?:[:.]?(?:SS|ss))?\b|\b(?:HH|hh):", "HH:MM"),
    Kind("a date of zeros", r"\b00[/.-]00[/.-]\d+|\b99[/.-]99[/.-]\d+|\b0000-00-00\b", "00/00/0000"),
    Kind(
        "a made-up number", r"\b0?1234\W?567\W?890?\b|\b123\W?456\W?789\d?\b|\b0{5,}\b|\b0{3,4} 0{3,}\b", "01234 567890"
    ),
    Kind("to be confirmed", r"\bT\.?B\.?[CADN]\b|\b[Tt]b[cad]\b|\bt\.b\.[cad]\b|\bTK(?:TK)*\b", "TBC"),
    Kind(
        "to be confirmed, in words",
        rf"{_HONEST_YET}\bto be (?:confirmed|announced|advised|determined|decided|inserted|filled in"
        r"|supplied|completed)\b"
        r"|(?<!sydd )(?<!eto )(?<!dal )\bi['’]w (?:g|ch|c)(?:adarnhau|wblhau)\b|\bi['’]w (?:lenwi|nodi|rannu yma)\b",
        "i'w gadarnhau",
        plain=True,
    ),
    Kind(
        "an instruction to the writer",
        rf"\binsert (?:the |your |an? |correct |relevant )*{_A_THING}\b(?! card)"
        rf"|\b(?:add|enter|put|type|write)\b[^.]{{1,20}}\b{_A_THING} here\b"
        rf"|\byour (?:\w+ )?{_A_THING} here\b|\b{_A_THING} (?:goes|to go) here\b"
        rf"|\bfill in (?:the )?{_A_THING}\b"
        r"|\b(?:delete|amend|edit|change|complete|strike out|choose|select) (?:as|where|if) "
        r"(?:appropriate|applicable|necessary|required|needed)\b"
        r"|\bdelete (?:one|whichever)\b|\b(?:select|choose) one\b(?! of)|\bdewiswch un\b"
        r"|\b(?:name|number|time|date|location|place|link|quote|logo) to follow\b"
        rf"|\b(?:rhowch|mewnosod|mewnosodwch|ychwanegwch|teipiwch|nodwch|ysgrifennwch)"
        rf" (?:yr? |eich |['’]r )?{_A_THING}\b"
        r"|\b(?:mewnosod|mewnosodwch|llenwch)\b|\bdil[eë](?:u|wch) fel (?:y bo|sydd?)[^.]{0,20}briodol",
        "delete as appropriate",
        plain=True,
    ),
    Kind(
        "a word of the writer's own",
        r"\b(?:TODO|FIXME|INSERT|PLACEHOLDER|DUMMY|DRAFT|DRAFFT|SAMPLE|CHECK|MEWNOSOD)\b",
        "TODO",
    ),
    Kind("placeholder, by name", r"\bplaceholder\b|\bsample text\b|\bdummy text\b", "placeholder", plain=True),
    Kind(
        "filler",
        r"lorem ipsum|dolor sit amet|\bblah(?: blah)+|\basdf\w*|\bqwerty\b|\bfoo ?bar\b|\byada yada\b",
        "lorem ipsum",
        plain=True,
    ),
    Kind(
        "what an office program leaves",
        r"click (?:or tap )?here to enter|choose an item|reference source not found"
        r"|\bmergefield\b|&(?:lt|gt|nbsp|quot|#\d+);|cliciwch yma i roi",
        "Click or tap here to enter text.",
        plain=True,
    ),
    Kind("an empty value", r"#REF!|#N/A|#NAME\?|#VALUE!|\bundefined\b|\bNULL\b|\bnull\b|\bNaN\b|\[object", "undefined"),
    Kind("not applicable", r"(?<![\w/])(?:N/A|n/a|N\.A\.)(?![\w/])", "N/A"),
    Kind("nothing between signs", r"\(\s*\)|“\s*”|\"\s*\"(?!\w)|‘\s*’", "()"),
    Kind("nothing where a value belongs", rf"\b{_BEFORE_A_VALUE} +[,.;:](?=\s|$)", "at , call", plain=True),
    Kind("a label without its value", rf"\b{_LABEL}:\s*(?=[.,;\n]|$)", "Location: "),
    Kind("a capital word for a value", rf"(?<![\w#@]){_NOUN}(?!\w)", "NUMBER"),
    Kind(
        "a noun between signs",
        rf"\((?:the |your |y |yr )?{_A_THING}(?: (?:of|for|y|yr) [a-z ]{{1,30}})?\)"
        rf"|[*“‘\"]{_A_THING}[*”’\"]",
        "(place)",
        plain=True,
    ),
    Kind(
        "a name that is nobody's",
        r"\b(?:Hospital|Site|Trust|Ward|Area|Road|Street|Place|First|Last|Full|Your|Incident|Contact|Building"
        r"|Organisation|Department|Service|Spokesperson|Partner|Event|Person|Town|Location) Name\b"
        r"|\b(?:Name Surname|Firstname|Lastname|Joe Bloggs|John Doe|Jane Doe|A\.? ?N\.? Other"
        r"|ABC (?:Hospital|Trust|Road|Street|Ward)|Any(?:town| Street))\b"
        r"|\b(?:Enw|Enw['’]r) (?:Cyfenw|Ysbyty|Safle|Person|Ardal|Lle|Digwyddiad)\b",
        "Name Surname",
    ),
    Kind(
        "an account that is nobody's",
        rf"(?<!\w)@(?:\w+_)?(?:{_NOUN}|[A-Z]*NAME|POLICE|FIRE|AMBULANCE|COUNCIL|FORCE|ORG|USER|MENTION)(?:_\w+)?(?!\w)"
        r"|(?<!\w)@(?i:handle|username|account|accountname|your(?:name|trust|account|handle|area)|areaname|trustname)(?!\w)",
        "@AREA",
    ),
    Kind(
        "a hashtag that is nobody's",
        rf"(?<!\w)#(?:{_NOUN}|[A-Z]*NAME|TAG|TOPIC|X{{2,}}|(?i:hashtag|your\w+|yourtag|hashnod|incidentname))(?!\w)",
        "#HASHTAG",
    ),
    Kind(
        "a link that leads nowhere",
        r"(?<![\w.-])(?:www\.)?(?:example|domain|yourdomain|yoursite|yourwebsite|yourtrust|website)\.(?:com|org|net|co\.uk"
        r"|nhs\.uk)\b|\b(?:x{2,}|name|your\.?name|firstname\.lastname|first\.last|user|someone)@|https?://(?:\.{2,}|…|x{2,}|www\.x{2,}|link\b|url\b|$|\s)|www\.(?:\.+|x{2,}|…)|/x{3,}\b",
        "www.example.com",
        plain=True,
    ),
    Kind(
        "words to choose from",
        r"\b(?:is\s?/\s?are|are\s?/\s?is|has\s?/\s?have|have\s?/\s?has|was\s?/\s?were|were\s?/\s?was|does\s?/\s?do|do\s?/\s?does"
        r"|this\s?/\s?these|will\s?/\s?will not|can\s?/\s?cannot|is\s?/\s?is not|are\s?/\s?are not|open\s?/\s?closed"
        r"|closed\s?/\s?open|yes\s?/\s?no|am\s?/\s?pm|today\s?/\s?tomorrow|morning\s?/\s?afternoon|tonight\s?/\s?tomorrow"
        r"|at\s?/\s?in|in\s?/\s?at|on\s?/\s?at|a\s?/\s?an|sir\s?/\s?madam|mr\s?/\s?mrs|minor\s?/\s?major|critical\s?/\s?major"
        r"|mae\s?/\s?(?:nid yw|maent|oedd)|yw\s?/\s?ydynt|sydd\s?/\s?oedd|ar agor\s?/\s?ar gau|ar gau\s?/\s?ar agor"
        r"|bore\s?/\s?prynhawn|heddiw\s?/\s?yfory|oes\s?/\s?nac oes|y bore\s?/\s?prynhawn)\b",
        "is/are",
        plain=True,
    ),
    Kind(
        "a doubt of the writer's",
        r"\((?:to )?(?:check|confirm|verify|sp|spelling|gwirio)\s?\??\)",
        "(check)",
        plain=True,
    ),
)
