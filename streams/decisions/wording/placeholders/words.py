"""The words of placeholders, in English and Welsh: what is to be filled in, and how people say so."""

_NOUNS = (
    "account address agency amount area building cause city colour company contact council county date day "
    "department description destination details disease distance district email event facility firstname forename "
    "handle duration hashtag hazard headline height helpline hospital hours illness incident junction lastname link "
    "location locations logo message month name names nickname number numbers organisation organization outlet "
    "partner partners person premises point phone place postcode quantity quote radius reason region river road "
    "role school service services site speed subject spokesperson station street substance suburb surname telephone "
    "text time title town trust type unit url username venue village ward website year zone amser ardal bont "
    "canolfan cyfeiriad cyfenw cyngor ddolen ddyddiad digwyddiad dolen dydd dyddiad dyfyniad enw enwau fanylion "
    "ffordd ffôn gorsaf gwasanaeth gwasanaethau gwefan lle leoliad lleoliad manylion nifer pentref rhif rif safle "
    "swydd teitl theitl tref ysbyty"
)
_COMMON = (
    "building department day district hours junction month point premises river school site station street text "
    "type unit zone ward year"
)
_MODIFIERS = (
    "affected alternate alternative area brief building car casualty centre clinic company contact correct email "
    "end exact facility first full hashtag headline helpline hospital incident job last lead media meeting nearest "
    "new next other partner phone place postcode press receiving relevant responsible road school site social "
    "specific spokesperson start station street telephone town trust venue ward web"
)
_AROUND = (
    "a and add bost chief collection executive email line park replace this enter enw'r e mail here insert neu of "
    "or rhowch select state the type y yr your ychwanegwch"
)
_SHOUTED = (
    "aircraft airline airport animal asset beach borough branch brand bridge bus caller channel chemical clinic "
    "college contaminant course customer depot director employer estate farm festival field forum garage gym hall "
    "highway hotel institution island item lake landmark language leader lounge mall manager manufacturer mayor "
    "medicine minister motorway museum neighbourhood network newspaper object operator owner parish passenger "
    "pharmacy pier platform playground practice product programme project protocol railway reservoir responder "
    "restaurant room sector sender shop species speaker stadium stage store supermarket supplier surgery terminal "
    "theatre tower train tunnel university utility vaccine valley vehicle vessel virus warehouse waterway wing "
    "adeilad afon bwrdd cwmni fferm heol meddyg neuadd pont ysgol"
)
_NUMBERED = (
    "area bridge building centre clinic company dr estate farm hall hospital hotel junctions? level mrs? ms numbers? "
    "opel organisation pc person phase platform reap road school site stage station step street town tref trust "
    "village ward ysbyty"
)
NOUNS = tuple(_NOUNS.split())
"""What stands for a value when it stands alone in capitals or between signs."""
_NOUN, _MODIFIER = "|".join(NOUNS), "|".join(_MODIFIERS.split())
THINGS = (
    "bridge|casualties|centre|clinic|day|diagnosis|disaster|emergency|fire|hospitals|injured|outbreak|patients"
    "|people|residents|staff|victims|wards|waiting"
)
"""What stands behind `of` besides such a noun."""
WRITE = "insert|add|enter|put|type|write|paste|complete|describe|specify|state"
RHOWCH = "rhowch|mewnosod|mewnosodwch|ychwanegwch|teipiwch|nodwch|ysgrifennwch|disgrifiwch"
NAMED = (
    "Area|Bridge|Building|Centre|Clinic|Company|Contact|Council|County|Department|Event|Facility|First|Full|Hospital"
    "|Incident|Junction|Last|Location|Organisation|Partner|Patient|Person|Place|Practice|Recipient|River|Road|School"
    "|Service|Site|Speaker|Spokesperson|Station|Storm|Street|Town|Trust|Village|Ward|Your"
)
"""A word in title case before `Name` that makes it nobody's."""
NUMBERED = "|".join(f"[{word[0].upper()}{word[0]}]{word[1:]}|{word.upper()}" for word in _NUMBERED.split())
"""What has a name or a number behind it, also at the beginning of a sentence and in capitals."""
COUNTED = (
    "appointments|beds|bottles|calls|cases|casualties|children|crews|customers|deaths|engines|families|flats|flights"
    "|homes|hospitals|hours|houses|injured|injuries|metres|miles|minutes|days|number of|officers|operations|passengers"
    "|patients|people|persons|places|properties|residents|roads|schools|sites|staff|stations|streets|trains|vehicles"
    "|victims|wards|warnings|awr|diwrnod|gartrefi|glaf|gleifion|munud|o alwadau|o bobl|o gartrefi|o gleifion|o welyau"
)
"""What is counted in a message, in the plural."""
_WORDS = rf"(?:(?:the|your|our|an?|y|yr|any) )?(?:(?:{_MODIFIER})[ /])*(?:{_NOUN})s?"
_BEHIND = rf"(?: (?:of|y|yr) (?:the |your |an? )?(?:{_WORDS}|{THINGS}))?"
_FREE = (
    r"(?:[\w'’-]+ ){1,3}name|(?:names? of|enw(?:au)?(?:['’]r| yr?)) (?:the )?[\w'’-]+(?: [\w'’-]+)?|no\. of \w+"
    rf"|(?:{_MODIFIER}) car park"
)
TERM = rf"(?:{_FREE}|{_WORDS}{_BEHIND}(?:(?: and | or |, | a | neu |/){_WORDS}{_BEHIND})?)"
"""A noun with all that may stand around it, as in "start time", "name and title", "name of the hospital"."""
ALONE = rf"(?!(?:the |your )?(?:{'|'.join(_COMMON.split())})\b(?! of\b| and\b| or\b|[ /]\w)){TERM}"
"""The same, but for what people also put in parentheses without meaning a gap."""
IN_CAPITALS = frozenset(word.upper() for word in (*NOUNS, *_MODIFIERS.split(), *_AROUND.split()))
"""Every word that a placeholder in capitals is made of."""
LAST_IN_CAPITALS = frozenset(noun.upper() for noun in (*NOUNS, "bost", "here", "line", "mail", "of"))
"""What such a placeholder ends with."""
ALONE_IN_CAPITALS = frozenset(_SHOUTED.upper().split())
"""What is only one when it stands by itself in a sentence, as TOWN HALL and NEXT TRAIN are none."""
BEFORE_A_VALUE = r"(?:at|by|on|in|from|until|since|call|of|to|near|am|erbyn|yn|ers|ffoniwch|rhwng)"
"""What stands before a value in a sentence."""
