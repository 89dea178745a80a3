"""Placeholders that are told by their signs: brackets, marks, letters and figures that stand for others."""

from streams.decisions.wording.placeholders.kind import Kind
from streams.decisions.wording.placeholders.words import BEFORE_A_VALUE, COUNTED, NUMBERED

_UNIT = r"(?:am|pm|st|nd|rd|th|mph|kmh?|mm?|cm|kg|ft|hrs?|k|mya|yb)"
SIGNS = (
    Kind("a field in braces", r"[$#@%]?\{[^{}]*\}|[{}]|\$[(\[][^)\]]*[)\]]", "${name}", needs="{}$"),
    Kind(
        "a field in brackets",
        r"\[+[^\[\]]*\]+|\[+|[^\s\[\]]{0,40}\w\]+",
        "[insert place]",
        needs="[]",
    ),
    Kind(
        "a field in angle brackets",
        r"<<?\s*[A-Za-zÀ-ÿ/!?%][^<>]{0,80}>|<[%?!]|«\s*\w[\w ]{0,40}»|<\s*>(?! [A-Z])|«\s*»|<(?<=[a-z] <)<(?!<)|<{7}"
        r"|<(?<!\S<)-+(?=\s)|<<\s*[a-z][^<>\n]{0,80}\?",
        "<name>",
        needs="<«",
    ),
    Kind("a field in double parentheses", r"\(\([^()]*\)\)", "((name))", needs="("),
    Kind(
        "a field of a program",
        r"%\(\w+\)[sdif]|%\d*\$?[sdif]\b(?!\w)|%-?\d*\.\d+f|%@|%[A-Za-z_]+(?:\|\w*)?%"
        r"|(?<!\d)(?<!\d )%[A-Za-z](?![A-Za-z])|\\u[\da-f]{4}|@(?:Model|end(?:for\w*|if|section))\b"
        r"|@(?:for|foreach|if|include|section|while|yield)\(|\$\.[A-Za-z_]\w*|(?<![\w=])=[A-Z]{1,2}\d{1,3}\b"
        r"|(?<![\w@./-])(?:(?:alerts?|common|cy|en|errors?|form|labels?|messages?|templates?)(?:\.[a-z_]+){2,}"
        r"|[a-z]+(?:\.[a-z_]+)+\.(?:address|area|body|date|id|level|line|location|message|name|number|phone|place|text"
        r"|time|title|type|url|value)\d?)(?![\w@/-])|%[57][BbDd]|=[A-Z]{2,}\(",
        "%s",
        needs="%=@$.\\",
    ),
    Kind("a variable", r"\$[A-Za-z_][A-Za-z_]\w*", "$AREA", needs="$"),
    Kind(
        "a field between marks",
        r"\*\|[^|]*\|\*|\|\|[^|]*\|\||\|\w+\||~\w+~|\^\w[\w ]*\^|!!\w+!!|§\w+§|(?<![*\w])##?\w+##?(?!\w)(?<=#)|@@\w*"
        r"|::\w[\w.]*::|(?<![\w:]):[a-z_]+:(?!\w)|:(?<=[a-z] :)[a-z][a-z_]+(?= )",
        "*|NAME|*",
        needs="|~^!§#@:",
    ),
    Kind(
        "words joined together",
        r"(?<![\w@#/.])(?!easy[A-Z])[a-z]{3,}(?:[A-Z][a-z\d]+)+\b|\b[A-Z]{3,}(?:NAME|NUMBER)\b|\b[AMB]NUMBER\b"
        r"|\b(?:Area|Contact|End|Event|First|Hospital|Incident|Job|Last|Phone|Place|Post|Road|Site|Start|Town|Trust"
        r"|User|Ward)(?:Address|Area|Code|Count|Date|Id|Location|Name|Number|Place|Time|Title|Type)\d?\b"
        r"|\b(?:Area|Company|Council|Event|Hospital|Person|Place|Road|School|Site|Street|Town|Trust|Venue|Ward)name\b"
        r"|\b[A-Z][a-z]+Error\b|\b(?:[A-Z][a-z]+){2,}(?:Address|Area|Code|Count|Date|Location|Name|Number|Place|Time"
        r"|Title|Type)\b|(?<![\w.@/-])(?:area|contact|event|hospital|incident|org|patient|person|recipient|site|trust"
        r"|user|ward)\.(?:address|area|date|email|id|location|name|number|phone|time|title|type)\b(?![./])",
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
        r"(?<![A-Za-z])_{2,}|_{2,}(?![A-Za-z])|(?<![\w@])_(?![\w@])|(?<![\w@#])_\w+_(?!\w)",
        "(___)",
        needs="_",
    ),
    Kind(
        "a row of dots",
        r"(?<![a-z]{3})\.{4,}|\b(?:call|from|near|until)\.{4,}|(?<!\.)\.{7,}|…{2,}|\.\s\.\s\.|\(\s*(?:\.{2,}|…)\s*\)"
        r"|[\"“‘](?:\.{2,}|…)[\"”’]"
        rf"|(?<!\S)(?:\.{{3}}|…) (?:{COUNTED})\b",
        "........",
        needs=".…",
    ),
    Kind(
        "dots or a question mark for a value",
        rf"\b{BEFORE_A_VALUE}\s(?:\.\.+|…|\?)(?=[\s,.;]|$)|\bthat\s(?:\.{{3}}|…)\s(?:are|has|is|was)\b",
        "at ... today",
        plain=True,
        needs=".…?",
    ),
    Kind(
        "question marks",
        rf"(?<![a-z]{{2}})(?<![?!])\?{{2,}}|\?(?<=\)\?)(?= [a-z])|(?<=\w)\?{{2,}}(?=\w)|\(\s*\?\s*\)"
        rf"|(?<=\s)\?(?={_UNIT}?(?:\s|$))|\d[.:]\?|\d\?[.:\d]",
        "22:??",
        needs="?",
    ),
    Kind("a doubtful hour", r"\b00[:.]00\s?(?:\?|[ap]m\b)|\b00\.00\b|\b99[:.]99\b", "00:00?", plain=True),
    Kind(
        "a row of signs",
        r"#{2,}|%{2,}|(?<![\w!*])(?<![A-Z!] )\*{3,}(?!\*| ?[A-Z])|(?<=\s)\*{2}(?= [a-z])|\*{2}[:.]\*{2}"
        r"|\*(?<=\b(?:at|by|in|of|[DMdm]r|[Mm]s) \*)\*{2,}|(?<!-)-{3,}|-{2} ?[:./] ?-{2}|~{2,}|={3,}"
        r"|/{3,}(?!(?!word\b)[a-z]+\.[a-z]+\.[a-z])|\^{2,}|[—–]{3,}|[█▓▒░■□▢☐]+|(?:[-–—]\s){2,}",
        "###",
        needs="#%*-~=/^█▓▒░■□▢☐–—",
    ),
    Kind(
        "a sign for a number",
        r"(?<=\s)(?<!then )(?<!or )(?<![Pp]ress )#(?=\s)|£(?:[Xx]+\b|(?=[\s.,]))",
        "# people",
        needs="#£",
    ),
    Kind(
        "a row of X",
        rf"(?<![\w#@])(?:Xxx+|(?!(?<=[.!?] )x{{2,4}}$)[Xx]{{2,}}){_UNIT}?(?!\w|-\d\d)|(?<!\w)[Xx]{{2}}\d\d\b|×{{2,}}"
        rf"|(?<!\w)[Xx](?:[ .,][Xx])+(?!\w)|(?<!\w)[Xx](?:{_UNIT}|day| o['’]clock)\b"
        r"|[Xx]{2,}[A-Z]+[Xx]{2,}|(?<=: )x(?=[.,;\s]|$)",
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
        rf"\b(?:{NUMBERED}) [YZ]\b(?!-)|\bJ[XYZ]\b|\b[Tt]he [ABM]X\b"
        r"|X(?![\w\"”'’)@#&/+-]|\.\w)(?! (?:users?|posts?|accounts?|marks?|and on|[Gg]ames)\b| (?:and|or) [A-Z][a-z]"
        r"|, [A-Z][a-z])(?<![\w\"“'‘’(@#&./+-]X)(?<!\b[Aa]n X)(?<!\b[Oo]n X)(?<!\band X)(?<!\bor X)(?<!\bvia X)(?<!, X)"
        r"(?<![Gg]ate X)(?<![Rr]oute X)(?<![Tt]eam X)(?<![Bb]rand X)(?<![Bb]ay X)(?<![Ee]xit X)(?<!Malcolm X)"
        r"(?<!Generation X)(?<!Formula X)(?<!Project X)(?<!Series X)(?<!Fragile X)(?<!symbol X)(?<!letter X)(?<!plan X)"
        r"(?<![Cc]ategory X)|\bX(?:,| and|/| or) Y\b",
        "Hospital X",
        needs="XYZ",
    ),
    Kind(
        "a letter for a number",
        rf"(?<!The )(?<!the )(?<!['’])\b[XxNn] (?:{COUNTED})\b|\b[Bb]etween [xXnN] and [xXnN]\b"
        r"|\b(?:about|all|around|have|least|over|some|than) N [a-z]{3,}s\b|(?<!\w)[Xx] (?:[ap]m|mph|km|ft|kg|mm|cm)\b"
        r"|(?<= )(?:NO\.|NUM) (?=[a-z])|(?<!\w)[XxNn]\s?(?:%|°|per cent\b)",
        "X people",
    ),
    Kind(
        "noughts for a number",
        rf"(?<![\d:.,/])\b00+ (?:{COUNTED})\b|(?<!\S)-1 (?:{COUNTED})\b",
        "00 people",
        needs="0-",
    ),
    Kind(
        "repeated letters for a value",
        r"(?<![\w#@])(?:Y{2,}|Z{2,}|N{2,}|n{2,}|[Ll]orem|([A-Za-z])\1{3,}|X?YZ|xyz)(?!\w)",
        "NN",
    ),
    Kind(
        "a date as letters",
        r"\b(?:DD|dd)(?:th|st)?[ /.-]?(?:MM+|mm+|[Mm]onth|Mon|MONTH|MIS|mis)\b|\b(?:MM|mm)[ /.-](?:DD|dd|YY|yy)"
        r"|\b(?:YYYY|yyyy|BBBB|DDMMYY\w*|ddmmyy\w*|CCYY|yy)\b|\bdd/|\b[Dd]ay/[Mm]onth|\b[Dd]/[Mm]/[Yy]+\b"
        r"|\b(?:20|19)(?:YY|yy|\d[XxYy])\b",
        "YYYY-MM-DD",
    ),
    Kind(
        "an hour as letters",
        r"\b([A-Za-z])\1[:.]\1\1\b|\b(?:HH|hh|AA)[:.]?(?:MM|mm)(?:[:.]?(?:SS|ss))?\b"
        r"|\b(?:HH|hh)(?::| (?:and|to) (?:HH|hh)\b)",
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
        r"\b0?1234\W?567\W?890?\b|\b0?123\W?456\W?789\d?\b|\b0{5,}\b|\b0{3,4} 0{3,}\b|\b12345\b|\b9{5,}\b",
        "01234 567890",
        needs="059",
    ),
)
