"""Placeholders that are told by their words: what was still to be written, chosen, asked or taken out."""

from streams.decisions.wording.placeholders.kind import Kind
from streams.decisions.wording.placeholders.words import ALONE, NAMED, NOUNS, RHOWCH, TERM, WRITE

_NOUN = f"(?:{'|'.join(noun.upper() for noun in NOUNS)})"
_ANY_NOUN = f"(?:{'|'.join(NOUNS)})"
_TEXT = (
    rf"(?:(?:the |your |an? |some |correct |relevant |eich )*(?:{TERM}|body|caption|chart|graphic|heading"
    rf"|headline|image|paragraph|photo|picture|quote|sentence|statement|summary|table|video))"
)
_HONEST_YET = r"(?<!yet )(?<!still )(?<!has )(?<!have )(?<!remains )(?<!remain )(?<!needs )(?<!need )"
_NUMBERED = "City|Company|Hospital|Person|Place|River|Road|School|Street|Town|Trust|Village"
_IF = "add|cut|delete|drop|include|keep|omit|remove|skip|use"
_ENDS = r"(?=[.,;:]|$| (?:20|and|at|by|for|from|has|if|in|is|on|or|said|to|until|was|when|while|will)\b)"
_CALL = "[Cc]all|[Cc]ontact|[Ff]ollow|[Rr]ing|[Tt]ext|[Tt]hank|[Vv]isit"
_WHOSE = "(?:a|an|any|each|every|her|his|its|my|no|our|that|the|their|this|whose|your)\\b"

PHRASES = (
    Kind("to be confirmed", r"\bT\.?B\.?[CADN](?:onfirmed)?\b|\b[Tt]b[cadn]\b|\bt\.b\.[cadn]\b|\bTK(?:TK)*\b", "TBC"),
    Kind(
        "to be confirmed, in words",
        rf"{_HONEST_YET}\bto be (?:added|advised|agreed|announced|completed|confirmed|decided|determined|filled in"
        r"|inserted|provided|replaced|supplied)\b(?! by\b)|[:(–-] ?to follow(?=[.,;)]|\s*$)"
        r"|[:–-] ?(?:awaiting|pending) (?:figures?|name|number|quote|sign-?off|text)\b"
        r"|(?<!sydd )(?<!eto )(?<!dal )\bi['’]w (?:benderfynu|ch?adarnhau|gadarnhau|chwblhau|gwblhau|gyhoeddi|gytuno"
        r"|lenwi|nodi|rannu yma|ychwanegu)\b|: i ddilyn\b|\bat gyfieithu\b",
        "i'w gadarnhau",
        plain=True,
        words="to be |to follow|awaiting|pending|i'w|i’w|i ddilyn|at gyfieithu",
    ),
    Kind(
        "a place to write in",
        rf"\b(?:insert|list|paste|type) (?:[\w'’]+ ){{0,4}}here\b(?!:)"
        rf"|\b(?:{WRITE})\b[^.\n]{{1,20}}\b{_TEXT} here\b(?!:)"
        r"|\b(?:copy|insert|paste)\b[^.\n]{0,30}\b(?:above|below)\b"
        rf"|\byour (?:\w+ )?(?:{_ANY_NOUN}) (?:goes )?here\b(?!:)|\b(?:goes|to go) here\b"
        r"|(?:^|[:.(]\s*|\b(?:at|see|to|via|visit) (?:(?:e-?mail|web|website) )?)(?:address|link|quote|map|photo|logo"
        r"|text|name|number) here(?=[.)\n]|$)",
        "your quote here",
        plain=True,
        words=" here| above| below",
    ),
    Kind(
        "an instruction to the writer",
        rf"\b(?:insert (?:{_TEXT}|cymraeg|english|welsh)\b(?! card)|(?:at|by|call|from|in|near|of|on|ring"
        rf"|until) insert\b|type your message\b|fill in (?:the )?(?:{ALONE})\b|fill (?:in the blanks?"
        rf"|(?:it|this) in)\b|will fill in\b|(?:{RHOWCH}) (?:yr? |['’]r )?{_ANY_NOUN}\b)|: insert\b",
        "insert name",
        plain=True,
        words=f"insert|fill |type your|{RHOWCH}",
    ),
    Kind(
        "an instruction in parentheses",
        rf"\((?:(?:amend|delete|describe|edit|insert|list|omit|remove|repeat|specify)\b"
        rf"|(?:{WRITE}|explain|give|include|replace with) (?:{_TEXT}|what|who|where|when|how|why|if)\b)[^()]*\)"
        r"|\((?:[^()]* )?(?:if|as|where) (?:appropriate|applicable|known|necessary|relevant)\)",
        "(delete if not so)",
        plain=True,
        needs="(",
    ),
    Kind(
        "a choice left to the writer",
        r"\b(?:(?:delete|amend|edit|change|complete|strike out|choose|select) (?:as|where|if) (?:appropriate"
        r"|applicable|necessary|required|needed|not needed|relevant)\b|delete (?:one|whichever"
        r"|(?:if|unless) (?:no|none|not|there))\b|(?:choose|pick|select) one(?=$|[\n:.)\]]| option)"
        r"|(?:select|choose) (?:an?|from|one) (?:the )?(?:building|drop-?down|item|list|option)\b|dewiswch un\b"
        r"|replace this\b|(?:name|number|time|date|location|place|link|quote|logo|wording) to (?:come|follow)\b"
        r"|(?:mewnosod|mewnosodwch|llenwch)\b|dil(?:[eë](?:u|wch)|eer) (?:fel|os) (?:y bo|sydd?"
        r"|nad)[^.]{0,20}(?:briodol|angen))|(?<![a-z] )\boptional:",
        "delete as appropriate",
        plain=True,
        words=(
            "appropriate|applicable|necessary|required|needed|relevant|delete |choose |pick |select |dewiswch|"
            "replace this|optional:| to follow| to come|mewnosod|llenwch|briodol|angen"
        ),
    ),
    Kind(
        "a condition left to the writer",
        rf"(?<![a-z] )\b(?:only )?(?:{_IF})(?: this (?:line|paragraph|sentence|text|version|wording)| only)?"
        r" (?:if|when|where) [^.:\n]{1,40}:",
        "Use if asked:",
        plain=True,
        words="|".join(f"{verb} {word}" for verb in _IF.split("|") for word in ("if", "only", "this", "when", "where")),
    ),
    Kind(
        "a word of the writer's own",
        r"\b(?:ADD|AMEND|CHANGE|CONFIRM|EDIT|REPLACE|UPDATE) (?:THE )?(?:DATE|DETAIL|FIGURE|LINK|MAP|NAME|NUMBER|PHOTO"
        r"|QUOTE|TEXT|TIME)S?\b|\b(?:TODO|FIXME|INSERT|PLACEHOLDER|DUMMY|DRAFT|DRAFFT|SAMPLE|MEWNOSOD|WIP|REDACTED)\b"
        r"|\bCHECK\b(?! (?i:before|for|if|in|on|out|that|the|travel|your)\b)|(?<![A-Z] )\bFILL IN\b(?! [A-Z])|/\*"
        r"|(?<=[.!?] )(?:OR|NEU)(?=:? [A-Z][a-z])|\bEITHER:|\bEITHER\b[^.]{1,60}\bOR\b|\bOption [1A]:",
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
        r"lorem ipsum|dolor sit amet|\bblah\b|\bfoo\b|\basdf\w*|\bqwerty\b|\b(?:copy|name|quote|test|text"
        r"|words)(?: (?:copy|name|quote|test|text|words))+\b(?! only)|\bfoobar\b|\byada yada\b|\bquick brown fox\b",
        "lorem ipsum",
        plain=True,
        words="lorem|dolor|blah|foo|asdf|qwerty|test|text|quote|name|copy|words|yada|brown fox",
    ),
    Kind(
        "what an office program leaves",
        r"click (?:or tap )?(?:here )?to (?:edit|enter (?:a date|text)|add (?:a )?(?:sub)?(?:title|text|notes))"
        r"|choose an item|\berror! \w+|object reference not set|\b\w+exception\b(?<=[a-z]E.{8})|-nan\b|\bmergefield\b"
        r"|&(?!amp;)(?:[a-z]{2,8}|#x?[\da-f]+);|cliciwch (?:neu dapiwch )?yma i roi|\[native code"
        r"|\btranslation missing\b|\b(?:untitled|unnamed) (?:alert|area|document|event|incident|layer|map|message|page"
        r"|polygon|shape|zone)\b",
        "Click or tap here to enter text.",
        plain=True,
        words=(
            "click|choose an|error!|object reference|exception|-nan|mergefield|&|cliciwch|[native|translation|"
            "untitled|unnamed"
        ),
    ),
    Kind(
        "a place that is only a word",
        r"\b(?:(?:AT|NEAR|UNTIL|CALL|VISIT|YN|AM) (?:ADDRESS|DATE|LOCATION|NAME|NUMBER|URL|VENUE|WEBSITE|LLEOLIAD"
        r"|AMSER)\b(?!:? \w)|(?:at|call|from|in|near|ring) (?:location|name|number) of\b"
        r"|at (?:address|location)\b(?! ?[A-Z\d])|local authority name\b|(?:[A-Z]{3,} ){1,4}NAME(?= [a-z])"
        r"|(?:NAMES? OF(?: THE)?|ENW(?:['’]R| YR?)?) [A-ZŴŶ]{3,}\b(?!: ?\w)"
        rf"|(?:{NAMED.upper()}) NAME\b(?!:? \w))|(?<=[a-z] )(?:[A-Z]{{3,}} ){{1,4}}NAME\b(?! [A-Z]|:)"
        r"|(?<!the )(?<!The )(?<!\ba )(?<!our )(?<!its )(?<!this )(?<!their )\b(?:area|building|chemical|company"
        r"|council|disease|drug|event|force|hospital|illness|organisation|place|river|road|school|site|storm|street"
        r"|town|trust|venue|village|ward) name\b(?=[.,;:]|$| (?:for|has|have|is|said|was|will)\b)",
        "FIRE AT LOCATION",
    ),
    Kind(
        "a noun for a value",
        rf"\b(?:(?:at|by|from|in|near|of|on|since|until) (?:Address|Amount|Area|Date|Location|Month|Name|Number|Place"
        rf"|Postcode|Time|Venue|Year){_ENDS}|(?:on|until) (?:date|weekday){_ENDS}|(?:at|from|to) organisation{_ENDS}"
        rf"|(?:at|call|from|in|near|ring|to|with) (?:destination|forename|landmark|neighbourhood|placename|spokesperson"
        rf"|surname){_ENDS}|(?:at|from|near|to|use|{_CALL}) (?!{_WHOSE})(?:[a-z]+ ){{1,2}}name{_ENDS}"
        rf"|(?:at|by|from|of|to|with|{_CALL}) (?:appropriate|correct|dedicated|lead|partner|relevant|specific) (?:area"
        rf"|agency|contact|hospital|number|organisation|person|service|site|team|website){_ENDS}"
        rf"|(?:on|{_CALL}) (?:contact|helpline|phone|tel|telephone) (?:no|number)\b(?!:? ?\d)"
        r"|on day(?= (?:afternoon|evening|morning|night)\b)|(?:for|of|to|with) name['’]s\b(?! (?:day|sake)\b)"
        r"|(?:date|name|number|place|time)/(?:date|name|number|place|time)\b(?!:)"
        r"|(?:boy|girl|man|patient|pupil|woman), (?:age|name),"
        r"|spokes(?:man|person|woman) for (?:company|council|force|organisation|trust)(?= (?:has|said|told)\b))",
        "at Time",
    ),
    Kind(
        "a noun between signs",
        rf"(?<!\d )(?<!\d)\((?:{ALONE})(?: tbc)?\)|[*“‘\"](?:{ALONE})[*”’\"]|\((?:no|nos)\.\)"
        rf"|\b(?:at|near) \((?!(?:about|almost|and|approx|around|if|just|or|re)\b)[a-z][^()]{{0,30}}\)(?=[.,;:!]|$"
        rf"| (?:and|at|for|from|has|have|if|in|is|on|or|to|until|was|were|will|with)\b)",
        "(place)",
        plain=True,
        needs='(*“‘"',
    ),
    Kind(
        "a name that is nobody's",
        rf"\b(?:{NAMED}) Name\b|(?<=[a-z] )(?:[A-Z][a-z]+ ){{1,2}}Name\b(?! [A-Z])|\b(?:Job|Full) Title\b"
        rf"|\b(?:Dr|Mrs?|Ms|Prof) (?:Name|Surname)\b"
        r"|\b(?:(?:Address|Date|Link|Location|Name|Number|Place|Quote|Time|Title) Here(?! [A-Z])"
        r"|(?:Forename|Name|Title) Surname|(?:Dummy|Example|Sample) (?:Area|Centre|Clinic|Company|Hospital|Incident"
        r"|Organisation|Road|School|Site|Street|Town|Trust|Ward)|First[Nn]ame|Last[Nn]ame|Joe Bloggs|John Doe|Jane Doe"
        r"|A\.? ?N\.? Other\b(?!-)|\w+ Bloggs|Sometown|ABC (?:Hospital|Trust|Road|Street|Ward)"
        r"|Any(?:town(?! [A-Z])|city|shire|ville| Street))\b|\b(?:Enw|Enw['’]r) (?:Cyfenw|Ysbyty|Safle|Person|Ardal"
        r"|Lle|Digwyddiad)\b",
        "Name Surname",
        words="name|dummy|example|sample|title|bloggs|doe|other| here|abc|any|sometown|enw",
    ),
    Kind(
        "a word in place of a name",
        r"\b(?:at|by|for|from|in|near|of|to|with) (?:Some(?:body|one|thing|where)|Wh(?:o|at|ich)ever"
        r"|Your (?:Charity|Company|Council|Force|Hospital|Organisation|School|Service|Site|Trust))\b(?! [A-Z])"
        r"|\b(?:Mrs?|Ms|Dr) Some(?:body|one)\b|\bAcme (?:Company|Corp\w*|Council|Hospital|Inc|Ltd|School|Trust)\b",
        "from Your Hospital",
        words="some|whoever|whatever|whichever|your |acme",
    ),
    Kind(
        "places and people by number",
        rf"\b({_NUMBERED}) (?:A|1)\b(?=[^.]{{1,20}}\b\1 (?:B|2)\b)",
        "Hospital 1 and Hospital 2",
        plain=True,
        words="|".join(f"{word.lower()} {mark}" for word in _NUMBERED.split("|") for mark in ("2", "b")),
    ),
    Kind(
        "an account that is nobody's",
        rf"(?<!\w)@(?:\w+_)?(?:{_NOUN}|X{{2,}}[A-Z]?\w*|[A-Z]*NAME|(?:LOCAL|YOUR)?(?:POLICE|FIRE|AMBULANCE"
        rf"|COUNCIL)(?:FORCE|SERVICE)?|FORCE|ORG|USER|MENTION|(?:LEAD|LOCAL|PARTNER|YOUR)(?:AUTHORITY|{_NOUN}))"
        r"(?:_\w+)?(?!\w)"
        r"|(?<!\w)@(?i:\w*handle|username|account|accountname|areaname|trustname"
        r"|your(?:local)?(?:name|trust|account|handle|area|council|police|hospital|force))(?!\w)",
        "@AREA",
        needs="@",
    ),
    Kind(
        "a hashtag that is nobody's",
        rf"(?<!\w)#(?:{_NOUN}|[A-Z]*(?:NAME|HASHTAG)|TAG|TOPIC|X{{2,}}|(?i:\w*hashtag"
        rf"|your(?:area|event|incident|name|place|tag|town)|hashnod|incidentname)|\w*[a-z]Here)(?!\w)",
        "#HASHTAG",
        needs="#",
    ),
    Kind(
        "a link that leads nowhere",
        r"(?<![\w.-])(?:www\.)?(?:example|domain|website|x{2,}|\w*(?:company|domain|hospital|organisation|site|trust"
        r"|web)name|your(?:area|authority|charity|company|council|domain|force|hospital|name|org|organisation|school"
        r"|service|site|trust|url|website))\.(?:com|org|net|(?:co|gov|nhs|org|police|sch)\.uk|cymru|wales)\b"
        r"|\b(?:(?:x{2,}|name|your\.?name|(?:first|fore)name[._-]?(?:last|sur)name|first\.last|user|someone)@"
        r"|localhost\b|https?://(?:\.{2,}|…|x{2,}|www\.x{2,}|link\b|url\b|$|\s)|www\.(?:\.+|x{2,}|…|\s|$))|@x{2,}\."
        r"|(?:mail|write to|us at) @[\w.-]+\.[a-z]{2,}|(?<=\bto )\w+@(?=[\s.,]|$)|/x{3,}\b"
        r"|(?:://|www\.)(?:(?:dev|preview|staging|test|uat)[.:]|[\w.]*?(?-i:[A-Z]*(?:NAME|YOUR)[A-Z]*)\.)",
        "www.example.com",
        plain=True,
        words=(
            "example.|domain.|website.|your|xx|name|user@|someone@|first.last|localhost|://|www.|mail @|to @|at @|@ |"
            "@.|@,"
        ),
        in_links=True,
    ),
    Kind(
        "words to choose from",
        r"\b(?:(?:are|can|had|has|have|is|may|might|must|should|was|were|will)\s?/\s?(?:are|can|had|has|have|is|may"
        r"|might|must|should|was|were|will)|does\s?/\s?do|do\s?/\s?does|this\s?/\s?these|will\s?/\s?will not"
        r"|can\s?/\s?cannot|is\s?/\s?is not|are\s?/\s?are not|(?:re-?)?open(?:ed)?\s?/\s?(?:closed?|shut)"
        r"|(?:closed?|shut)\s?/\s?(?:re-?)?open(?:ed)?|yes\s?/\s?no|am\s?/\s?pm|today\s?/\s?tomorrow"
        r"|morning\s?/\s?afternoon|tonight\s?/\s?tomorrow|at\s?/\s?in|in\s?/\s?at|on\s?/\s?at|a\s?/\s?an"
        r"|sir\s?/\s?madam|mr\s?/\s?mrs|(?:evacuate|go|leave|remain|shelter|stay)\s?/\s?(?:evacuate|go|leave|remain"
        r"|shelter|stay)|(?:\w+day/){2}|(?:boy|female|girl|male|man|woman)\s?/\s?(?:boy|female|girl|male|man"
        r"|woman)(?= (?:has|in|is|was)\b)|an? [a-z]+/[a-z]+/[a-z]+(?: of \w+)?(?= (?:at|has|in|near|on)\b)"
        r"|minor\s?/\s?major|(?:critical|major)\s?/\s?(?:critical|major)|partly\s?/\s?fully|fully\s?/\s?partly"
        r"|s?he\s?/\s?s?he\s?/\s?they|s?he\s?/\s?s?he(?= (?:died|had|has|is|lives|remains|said|was)\b)"
        r"|his\s?/\s?her\s?/\s?their|(?:amber|red|yellow|green)\s?/\s?(?:amber|red|yellow"
        r"|green)(?= (?:alert|for|warning)\b)|(?:critical|serious|stable)\s?/\s?(?:critical|serious|stable)"
        r"|both (?:directions|ways)\s?/\s?\w+|mae\s?/\s?(?:nid yw|maent|oedd)|yw\s?/\s?ydynt|sydd\s?/\s?oedd"
        r"|ar agor\s?/\s?ar gau|ar gau\s?/\s?ar agor|bore\s?/\s?prynhawn|heddiw\s?/\s?yfory|oes\s?/\s?nac oes"
        r"|y bore\s?/\s?prynhawn)\b|/\w+(?: \w+)?\*(?![\w*])|\b(\w+)\s?/\s?(?:\1 not\b|not \1\b|\1n['’]t\b"
        r"|un\1(?=[.,;:!)]|$))",
        "is/are",
        plain=True,
        needs="/",
    ),
)
