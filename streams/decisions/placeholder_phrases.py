"""Placeholders that are told by their words: what was still to be written, chosen, asked or taken out."""

from streams.decisions.placeholder_kind import Kind
from streams.decisions.placeholder_words import ALONE, BEFORE_A_VALUE, NAMED, NOUNS, RHOWCH, TERM, WRITE

_NOUN = f"(?:{'|'.join(noun.upper() for noun in NOUNS)})"
_ANY_NOUN = f"(?:{'|'.join(NOUNS)})"
_TEXT = (
    rf"(?:(?:the |your |an? |some |correct |relevant |eich )*(?:{TERM}|body|caption|chart|graphic|heading"
    rf"|headline|image|paragraph|photo|picture|quote|sentence|statement|summary|table|video))"
)
_LABEL = (
    r"(?:Location|Place|Time|Date|Name|Number|Tel|Telephone|Phone|Contact|E-?mail|Website|Link|Venue|Where|When"
    r"|Next update|Headline|Title|Subject|Cause|Casualties|Hazard|Road|Area|Status|Reason|Duration|Lleoliad"
    r"|Amser|Dyddiad|Enw|Rhif|Ffôn|Gwefan|Diweddariad nesaf)"
)
_HONEST_YET = r"(?<!yet )(?<!still )(?<!has )(?<!have )(?<!remains )(?<!remain )(?<!needs )(?<!need )"

PHRASES = (
    Kind("to be confirmed", r"\bT\.?B\.?[CADN](?:onfirmed)?\b|\b[Tt]b[cadn]\b|\bt\.b\.[cadn]\b|\bTK(?:TK)*\b", "TBC"),
    Kind(
        "to be confirmed, in words",
        rf"{_HONEST_YET}\bto be (?:added|advised|agreed|announced|completed|confirmed|decided|determined"
        rf"|filled in|inserted"
        r"|provided|replaced|supplied)\b(?! by\b)|[:(–-] ?to follow(?=[.,;)]|\s*$)"
        r"|[:–-] ?(?:awaiting|pending) (?:figures?|name|number|quote|sign-?off|text)\b"
        r"|(?<!sydd )(?<!eto )(?<!dal )\bi['’]w (?:benderfynu|ch?adarnhau|gadarnhau|chwblhau|gwblhau|gyhoeddi|gytuno"
        r"|lenwi|nodi|rannu yma|ychwanegu)\b|: i ddilyn\b",
        "i'w gadarnhau",
        plain=True,
        words=("to be ", "to follow", "awaiting", "pending", "i'w", "i’w", "i ddilyn"),
    ),
    Kind(
        "a place to write in",
        rf"\b(?:insert|list|paste|type) (?:[\w'’]+ ){{0,4}}here\b(?!:)"
        rf"|\b(?:{WRITE})\b[^.\n]{{1,20}}\b{_TEXT} here\b(?!:)"
        r"|\b(?:copy|insert|paste)\b[^.\n]{0,30}\b(?:above|below)\b"
        rf"|\byour (?:\w+ )?(?:{_ANY_NOUN}) (?:goes )?here\b(?!:)|\b{_ANY_NOUN} (?:goes|to go) here\b"
        r"|(?:^|[:.(]\s*|\b(?:at|see|to|via|visit) (?:(?:e-?mail|web|website) )?)(?:address|link|quote|map"
        r"|photo|logo|text|name|number) here(?=[.)\n]|$)",
        "your quote here",
        plain=True,
        words=("here", "above", "below"),
    ),
    Kind(
        "an instruction to the writer",
        rf"\binsert {_TEXT}\b(?! card)|(?:\b(?:at|by|call|from|in|near|of|on|ring|to|until)|:) insert\b"
        rf"|\bfill in (?:the )?(?:{ALONE})\b|\btype your message\b|\bfill in the blanks?\b"
        rf"|\((?:(?:amend|delete|describe|edit|insert|list|omit|remove|specify)\b|(?:{WRITE}|explain|give"
        rf"|include|replace with) (?:{_TEXT}"
        rf"|what|who|where|when"
        r"|how|why|if)\b)[^()]*\)|\((?:[^()]* )?(?:if|as|where) (?:appropriate|applicable|known|necessary|relevant)\)"
        rf"|\b(?:{RHOWCH}) (?:yr? |['’]r )?{_ANY_NOUN}\b",
        "insert name",
        plain=True,
        words=(
            "insert",
            "fill in",
            "type your",
            "(",
            "rhowch",
            "mewnosod",
            "ychwanegwch",
            "teipiwch",
            "nodwch",
            "ysgrifennwch",
            "disgrifiwch",
        ),
    ),
    Kind(
        "a choice left to the writer",
        r"\b(?:delete|amend|edit|change|complete|strike out|choose|select) (?:as|where|if) "
        r"(?:appropriate|applicable|necessary|required|needed|not needed|relevant)\b"
        r"|\bdelete (?:one|whichever|(?:if|unless) (?:no|none|not|there))\b|\b(?:select|choose) one(?=$"
        r"|[\n:.)\]]| option)|\bdewiswch un\b"
        r"|\b(?:select|choose) (?:an?|from|one) (?:the )?(?:building|drop-?down|item|list|option)\b"
        r"|\breplace this\b|(?<![a-z] )\boptional:"
        r"|(?<![a-z] )\b(?:only )?(?:add|delete|include|keep|omit|use)(?: this (?:line|paragraph|sentence|text"
        r"|version|wording)| only)? (?:if|when|where) [^.:\n]{1,40}:"
        r"|\b(?:name|number|time|date|location|place|link|quote|logo) to follow\b"
        r"|\b(?:mewnosod|mewnosodwch|llenwch)\b|\bdil(?:[eë](?:u|wch)|eer) (?:fel|os) (?:y bo|sydd?"
        r"|nad)[^.]{0,20}(?:briodol|angen)",
        "delete as appropriate",
        plain=True,
        words=(
            "amend",
            "edit",
            "change",
            "complete",
            "strike",
            "choose",
            "select",
            "delete",
            "dewiswch",
            "copy",
            "replace",
            "optional",
            "add",
            "include",
            "keep",
            "omit",
            "use",
            "to follow",
            "mewnosod",
            "llenwch",
            "dil",
        ),
    ),
    Kind(
        "a word of the writer's own",
        r"\b(?:TODO|FIXME|INSERT|PLACEHOLDER|DUMMY|DRAFT|DRAFFT|SAMPLE|MEWNOSOD|WIP|REDACTED)\b"
        r"|\bCHECK\b(?! (?i:before|for|if|in|on|out|that|the|travel|your)\b)"
        r"|(?<![A-Z] )\bFILL IN\b(?! [A-Z])|/\*|\bEITHER\b[^.]{1,60}\bOR\b|\bOption [1A]:",
        "TODO",
    ),
    Kind(
        "placeholder, by name",
        r"\bplaceholder\b|\bsample text\b|\bdummy text\b|\bthis is a template\b|\btemplate text\b",
        "placeholder",
        plain=True,
    ),
    Kind(
        "filler",
        r"lorem ipsum|dolor sit amet|\bblah\b|\bfoo\b|\basdf\w*|\bqwerty\b|\b(?:test|text)(?: (?:test"
        r"|text))+\b(?! only)|\bfoobar\b|\byada yada\b"
        r"|\bquick brown fox\b",
        "lorem ipsum",
        plain=True,
        words=("lorem", "dolor", "blah", "foo", "asdf", "qwerty", "test", "text", "yada", "brown fox"),
    ),
    Kind(
        "what an office program leaves",
        r"click (?:or tap )?(?:here )?to (?:edit|enter (?:a date|text)|add (?:a )?(?:sub)?(?:title|text|notes))"
        r"|choose an item"
        r"|\berror! \w+|object reference not set|\b\w+exception\b(?<=[a-z]E.{8})|-nan\b|\bmergefield\b"
        r"|&(?!amp;)(?:[a-z]{2,8}|#x?[\da-f]+);"
        r"|cliciwch (?:neu dapiwch )?yma i roi"
        r"|\[native code",
        "Click or tap here to enter text.",
        plain=True,
        words=(
            "click",
            "choose an",
            "error!",
            "object reference",
            "exception",
            "-nan",
            "mergefield",
            "&",
            "cliciwch",
            "[native",
        ),
    ),
    Kind(
        "an empty value",
        r"#(?:REF|N/A|NAME|VALUE|DIV/0|NUM|NULL|SPILL|CALC)(?:[!?]|(?<=A))|\bundefined\b|\bNULL\b|\bNaN\b|\[object"
        r"|(?<!declared )(?<!is )(?<!was )\bnull\b(?! and void|-)|\bInvalid [Dd]ate\b|(?<=[a-zŵŷ] )None\b"
        r"|\b(?i:at|by|on|in|from|until|near|contact|call|ring|dear|hello|hi|am|yn) (?:None|nil)\b",
        "undefined",
        words=("#", "null", "undefined", "nan", "[object", "invalid", "none", "nil"),
    ),
    Kind("not applicable", r"(?<![\w/])(?:N/A|n/a|N\.A\.)(?![\w/])", "N/A", needs="/."),
    Kind("nothing between signs", r"\(\s*\)|“\s*”|\"\s*\"(?!\w)|‘\s*’", "()", needs='(“"‘'),
    Kind(
        "nothing where a value belongs",
        rf"\b(?:{BEFORE_A_VALUE}|dear|annwyl) +[,.;:](?=\s|$)|\b(?:at|on|in|from|by|to|call|ring|am"
        rf"|yn)  +(?:on|at|by|and|for|or|until"
        r"|is|are|a|neu|ar|mae)\b",
        "at , call",
        plain=True,
    ),
    Kind(
        "a label without its value",
        rf"\b{_LABEL}:\s*(?=[.,;\n]|$)|: (?:address|date|link|location|name|number|place|time|url|venue)(?=[.,;]?\s*$)",
        "Location: ",
        needs=":",
    ),
    Kind(
        "a place that is only a word",
        r"\b(?:AT|NEAR|UNTIL|CALL|VISIT|YN|AM) (?:ADDRESS|DATE|LOCATION|NAME|NUMBER|URL|VENUE|WEBSITE|LLEOLIAD"
        r"|AMSER)\b(?!:? \w)"
        rf"|\b(?:at|call|from|in|near|ring) (?:location|name|number) of\b|\bat (?:address"
        rf"|location)\b(?! ?[A-Z\d])"
        rf"|\blocal authority name\b"
        rf"|(?<!the )(?<!The )(?<!\ba )(?<!our )(?<!its )(?<!this )(?<!their )\b(?:company|council|force"
        rf"|hospital|organisation|school|site|street|trust|ward) name\b(?=[.,;:]|$| (?:for|has"
        rf"|have|is|said|was|will)\b)|(?<=[a-z] )(?:[A-Z]{{3,}} ){{1,4}}NAME\b(?! [A-Z]|:)"
        rf"|\b(?:[A-Z]{{3,}} ){{1,4}}NAME(?= [a-z])|\b(?:NAMES? OF(?: THE)?"
        rf"|ENW(?:['’]R| YR?)?) [A-ZŴŶ]{{3,}}\b(?!: ?\w)|\b(?:{NAMED.upper()}) NAME\b(?!:? \w)",
        "FIRE AT LOCATION",
    ),
    Kind(
        "a noun between signs",
        rf"(?<!\d )(?<!\d)\((?:{ALONE})(?: tbc)?\)|[*“‘\"](?:{ALONE})[*”’\"]|\((?:no|nos)\.\)|\b(?:at"
        rf"|near) \((?!(?:about|almost|and|approx|around|if|just|or|re)\b)[a-z][^()]{{0,30}}\)(?=[.,;:!]|$"
        rf"| (?:and|at|for|from|has|have|if|in|is|on|or|to|until|was|were|will|with)\b)",
        "(place)",
        plain=True,
        needs='(*“‘"',
    ),
    Kind(
        "a name that is nobody's",
        r"\b(?:Trust|Hospital|Town|City|Company) [A-D] and (?:Trust|Hospital|Town|City|Company) [A-D]\b"
        rf"|\b(?:{NAMED}) Name\b|(?<=[a-z] )(?:[A-Z][a-z]+ ){{1,2}}Name\b(?! [A-Z])|\b(?:Job|Full) Title\b"
        rf"|\b(?:Dr|Mrs?|Ms|Prof) (?:Name|Surname)\b"
        r"|\b(?:(?:Name|Title) Surname|First[Nn]ame|Last[Nn]ame|Joe Bloggs|John Doe|Jane Doe|A\.? ?N\.? Other\b(?!-)"
        r"|\w+ Bloggs|Sometown"
        r"|ABC (?:Hospital|Trust|Road|Street|Ward)|Any(?:town(?! [A-Z])| Street))\b"
        r"|\b(?:Enw|Enw['’]r) (?:Cyfenw|Ysbyty|Safle|Person|Ardal|Lle|Digwyddiad)\b",
        "Name Surname",
        words=(
            "name",
            "title",
            "bloggs",
            "doe",
            "other",
            "abc",
            "any",
            "sometown",
            "enw",
            " a and ",
            " b and ",
            " c and ",
            " d and ",
        ),
    ),
    Kind(
        "an account that is nobody's",
        rf"(?<!\w)@(?:\w+_)?(?:{_NOUN}|X{{2,}}[A-Z]?\w*|[A-Z]*NAME|(?:LOCAL|YOUR)?(?:POLICE|FIRE|AMBULANCE"
        rf"|COUNCIL)(?:FORCE"
        rf"|SERVICE)?|FORCE|ORG|USER"
        r"|MENTION|(?:LEAD|LOCAL|PARTNER|YOUR)(?:AUTHORITY|{_NOUN}))(?:_\w+)?(?!\w)|(?<!\w)@(?i:\w*handle"
        r"|username|account|accountname|areaname|trustname"
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
        r"|x{2,}|\w*(?:company|domain|hospital|organisation|site|trust|web)name)\.(?:com|org|net|co\.uk"
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
        r"\b(?:(?:are|had|has|have|is|was|were|will)\s?/\s?(?:are|had|has|have|is|was|were|will)|does\s?/\s?do"
        r"|do\s?/\s?does"
        r"|this\s?/\s?these|will\s?/\s?will not|can\s?/\s?cannot|is\s?/\s?is not|are\s?/\s?are not"
        r"|(?:re-?)?open(?:ed)?\s?/\s?(?:closed?|shut)"
        r"|(?:closed?|shut)\s?/\s?(?:re-?)?open(?:ed)?|yes\s?/\s?no|am\s?/\s?pm|today\s?/\s?tomorrow"
        r"|morning\s?/\s?afternoon"
        r"|tonight\s?/\s?tomorrow"
        r"|at\s?/\s?in|in\s?/\s?at|on\s?/\s?at|a\s?/\s?an|sir\s?/\s?madam|mr\s?/\s?mrs|minor\s?/\s?major"
        r"|(?:critical|major)\s?/\s?"
        r"(?:critical|major)|partly\s?/\s?fully|fully\s?/\s?partly|s?he\s?/\s?s?he\s?/\s?they"
        r"|s?he\s?/\s?s?he(?= (?:died|had|has|is|lives|remains|said|was)\b)|his\s?/\s?her\s?/\s?their"
        r"|(?:amber|red|yellow|green)\s?/\s?(?:amber|red|yellow|green)(?= for\b)"
        r"|mae\s?/\s?(?:nid yw|maent|oedd)|yw\s?/\s?ydynt|sydd\s?/\s?oedd|ar agor\s?/\s?ar gau|ar gau\s?/\s?ar agor"
        r"|bore\s?/\s?prynhawn|heddiw\s?/\s?yfory|oes\s?/\s?nac oes|y bore\s?/\s?prynhawn)\b"
        r"|\w/\w+(?: \w+)?\*(?![\w*])|\b(\w+)\s?/\s?(?:\1 not\b|not \1\b|\1n['’]t\b|un\1(?=[.,;:!)]|$))",
        "is/are",
        plain=True,
        needs="/",
    ),
    Kind(
        "a doubt of the writer's",
        r"\((?:draft|example|sample)\)|\((?:to |please |pls )?(?:check|confirm|verify|sp|spelling"
        r"|gwirio)(?: (?:with|w/|this|details"
        r"|figures?|numbers?|times?"
        r"|spelling)\b[^()]*)?\s?\??\)|\((?![^()]*(?:able|yet|us|free) to)[^()]{1,30} to (?:add|advise|check"
        r"|confirm|provide|supply)\)"
        r"|\bnote to (?:author|editor|self|writer)\b|\bget sign-?off\b|\bdraft (?:(?:copy|for|only|text|version"
        r"|v\d)\b|\d(?=[:.)\]–-]))|\bfor (?:approval|clearance|sign-?off)\s*[:)]|\bapproved by:\s*(?:$|\[)"
        r"|\bdo not (?:post|publish|release|send)(?=[.:!)\]]|$| yet\b| until\b| without\b)|\bhold [-–:] "
        r"|\([^()]{1,40}\?\)|\((?:awaiting|pending) [^()]{1,30}\)"
        r"|\bnot for (?:distribution|publication|release)\b",
        "(check)",
        plain=True,
        words=("(", "note to", "sign", "draft", "approv", "clearance", "not", "hold"),
    ),
)
