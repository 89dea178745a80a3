"""Placeholders of which only the hole is left: nothing where a value belongs, or what a program shows for nothing."""

from streams.decisions.wording.placeholders.kind import Kind
from streams.decisions.wording.placeholders.words import BEFORE_A_VALUE, COUNTED

_LABEL = (
    r"(?:Location|Place|Time|Date|Name|Number|Tel|Telephone|Phone|Contact|E-?mail|Website|Link|Venue|Where|When"
    r"|Next update|Headline|Title|Subject|Cause|Casualties|Hazard|Road|Area|Status|Reason|Duration|Lleoliad"
    r"|Amser|Dyddiad|Enw|Rhif|Ffôn|Gwefan|Diweddariad nesaf)"
)
_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_RANK = (
    "(?:Acting|Area|Assistant|Chief|Deputy|Detective|District|Fire|Group|Lead|Medical|Police|Senior|Station|Temporary"
    "|Watch)"
)
_TITLE = (
    "(?:Cllr|Commander|Commissioner|Constable|Councillor|Director|Dr|Executive|Headteacher|Inspector|Manager|Minister"
    "|Mrs?|Ms|Name|Officer|Person|Professor|Sergeant|Spokes(?:man|person|woman)|Superintendent|person)"
)
_SAID = "(?:added|confirmed|explained|praised|said|says|thanked|told|urged|warned)"

HOLES = (
    Kind(
        "an empty value",
        r"#(?:REF|N/A|NAME|VALUE|DIV/0|NUM|NULL|SPILL|CALC)(?:[!?]|(?<=A))|\bundefined\b|\bNULL\b|\bNaN\b|\[object"
        r"|(?<!declared )(?<!is )(?<!was )\bnull\b(?! and void|-| result| hypothes)|\bInvalid [Dd]ate\b"
        r"|(?<=[a-zŵŷ] )None\b|\b(?i:at|by|on|in|from|until|near|contact|call|ring|dear|hello|hi|am|yn) (?:None|nil)\b",
        "undefined",
        words="#|null|undefined|nan|[object|invalid|none|nil",
    ),
    Kind(
        "an answer of a program's",
        r"(?<!umour)(?<!laim)(?<!erdict)(?<!heck)(?<!yth): (?:[Tt]rue|[Ff]alse)(?=\.? |\.?$)"
        r"|(?<=[a-z] )(?<!is )(?<!are )(?<!Is )(?<!Are )(?:True|False)\b(?! [A-Z])",
        "Open: true",
        words="true|false",
    ),
    Kind("not applicable", r"(?<![\w/])(?:N/A|n/a|N\.A\.)(?![\w/])", "N/A", needs="/."),
    Kind(
        "nothing between signs",
        r"\((?:\s*|(?i:blank|empty|missing|no (?:data|name|title|value)|not (?:entered|given|provided|set|specified)"
        r"|unset))\)|“\s*”|\"\s*\"(?!\w)|‘\s*’|[,;] [,;](?=\s|$)|[•◦‣▪]\s*(?:[•◦‣▪]|$)",
        "()",
        needs='(“"‘,;•◦‣▪',
    ),
    Kind(
        "nothing where a value belongs",
        rf"\b(?:(?:{BEFORE_A_VALUE}|[Aa]nnwyl|[Cc]all|[Dd]ear|[Rr]ing|about|after|aged?|ar|before|between|for|gan|ger"
        r"|o|or|over|said|than|the|told|with) +[,.;:](?=\s|$)|(?:an|our|the|their|your) ?[.,;](?=\s|$)"
        r"|(?:than|until)\.(?=\s|$)|(?:beg[ai]n|close[sd]|declared|ends?|held|meet|(?:re)?open(?:s|ed)?|start(?:s|ed)?"
        r"|[Uu]pdate[ds]?) (?:at|by|until) ?[.,;](?=\s|$)|(?:(?:and|or|please|then|to) (?:contact|go to)"
        r"|between|until)\s*$|(?:[Aa]m|at|by|[Cc]all|from|in|on|[Rr]ing|to|yn)  +(?:a|and|ar|are|at|by|for|is|mae|neu"
        r"|on|or|until)\b)",
        "at , call",
    ),
    Kind(
        "two words with nothing between",
        r"\b(?:the (?:and|are|had|has|have|is|of|or|was|were)|the next (?:hours|metres|miles"
        r"|minutes)(?! (?:and|are|will))|an (?:and|has|is|of|was)|(?:our|their|your) (?:are|has|have|is|of|was)"
        r"|(?:her|his) (?:has|have)|(?:at|on|to|within|(?<!\d )in) of|from (?:to|until)"
        r"|near (?:are|has|have|is|until|was|were)|until (?:for|is)|at (?:from|on|until)|between (?:and|or|to)|than and"
        r"|for said|(?:at|from|near|of) and(?= [A-Z]|,)|between [A-Z]\w+ and (?:are|has|have|is|was|were|will)"
        rf"|(?:a further|an estimated|a total of) (?!number)(?:{COUNTED})"
        r"|(?:depth|distance|height|length|maximum|minimum|radius|speed|total|width) of (?:degrees|feet|hours"
        r"|kilometres|metres|miles|minutes|mph|pounds)|the (?:nd|rd|th)|rhwng ac?|[io] am(?= \w+ o['’]r gloch)"
        r"|yn (?:ac|wedi))\b(?! course| late\b)(?![-'’])",
        "between and tomorrow",
    ),
    Kind(
        "a unit without its number",
        r"\b(?:(?:about|above|after|around|at|before|by|is|nearly|of|over|reached|record|than|to|under|until|with) (?:%"
        r"|(?:mph|km/h|kmh|°C?|per cent|km|o['’]clock|pm)\b)|(?:call|ffoniwch|phone|ring|text) (?:us |on "
        r"|us on )?0\d{3,4}\b(?![ .()-]*\d| numbers?\b)|0\.00+, ?-?0\.00+\b|00[:.]00 ?(?:-|–|to|and|until) ?00[:.]00\b)"
        rf"| (?<=[a-z] )-(?:day|hour|metre|mile|minute|year)s?\b| (?<=[a-z] )(?:th|rd|nd) (?:of )?{_MONTH}\b"
        r"|£(?!m\b|bn\b|million)[A-Za-z]+",
        "a record %",
    ),
    Kind(
        "a title without its name",
        rf"(?:^|[.,:;!?”\"] )(?:{_RANK} )*{_TITLE} {_SAID}\b|\b(?:by|from|with) {_TITLE} (?:has|is|said|was|will)\b",
        "Assistant Chief Constable said",
    ),
    Kind(
        "a label without its value",
        rf"\b{_LABEL}:\s*(?=[.,;\n]|$|[A-Z][a-z]+(?: [a-z]+)?:(?=\s|$))|(?<=\w): ?[,;](?=\s|$)"
        r"|: (?:address|date|link|location|name|number|place|time|url|venue)(?=[.,;]?\s*$)",
        "Location: ",
        needs=":",
    ),
)
