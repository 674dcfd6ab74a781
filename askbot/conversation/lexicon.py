"""English word lists that the follow-up rules read; closed classes first, then open ones.

No part-of-speech model: a question is short, and what matters is which of its words can be a
referent and which cannot.
"""

from __future__ import annotations

from importlib import resources


def words(words: str) -> frozenset[str]:
    return frozenset(words.split())


WH = words("who whom whose what which when where why how")
AUX = words(
    """is are was were am be been being isn't aren't wasn't weren't do does did
    don't doesn't didn't has have had hasn't haven't hadn't can could will
    would shall should may might must can't couldn't won't wouldn't
    shouldn't mustn't ain't"""
)
IS = words("is are was were 's")
DETERMINERS = words("""the a an this that these those my your our his her its their some any no
    each every all both""")
PREPOSITIONS = words(
    """about above across after against along among around at before behind below
    beneath beside besides between beyond by concerning despite down during
    except for from in inside into like near of off on onto out outside over
    past per regarding since than through throughout to toward towards under
    until up upon via with within without according"""
)
CONJUNCTIONS = words("and or but nor so yet")
SUBORDINATORS = words(
    """after although as because before if once since that though unless until when
    whenever where whereas whether while who which whom whose why how what"""
)
ADVERBS = words(
    """again ago already also always anyway around away back currently directly
    else enough even ever exactly finally first instead just later maybe
    more most much never next not now often once only originally perhaps
    please quite rather really recently soon still then there here today
    together too very well yet yesterday tomorrow tonight altogether
    specifically actually before after less least ahead alone apart so far
    lately long little many few same own such same other others another n't
    as than really truly probably possibly"""
)
PRONOUNS = words(
    """i me my mine myself you your yours yourself we us our ours ourselves he him
    his himself she her hers herself it its itself they them their theirs
    themselves one ones who whom whose what which this that these those
    someone somebody anyone anybody everyone everybody nobody something
    anything everything nothing none"""
)
INDEFINITE_PEOPLE = words("""someone somebody anyone anybody everyone everybody nobody people person
    persons folks anyone's""")
DISCOURSE = words("""and but so also ok okay well then thanks oh hm hmm yes no yeah right now
    please alright""")
"""What may open a turn without saying anything."""

# What "she" or "he" can mean besides a name; f, m, or either.
PERSON_NOUNS: dict[str, str] = {
    **dict.fromkeys(
        words("""woman lady girl mother mom mum wife daughter sister aunt niece grandmother
    gran granny grandma nan widow queen actress congresswoman spokeswoman
    policewoman chairwoman girlfriend mrs ms miss madam"""),
        "f",
    ),
    **dict.fromkeys(
        words("""man guy boy father dad husband son brother uncle nephew grandfather grandpa
    grandad widower king actor congressman spokesman policeman chairman
    boyfriend mr sir gentleman fellow"""),
        "m",
    ),
    **dict.fromkeys(
        words("""person commenter poster reader writer author speaker user governor secretary
    director officer official sergeant sheriff trooper mayor president
    senator chief nurse teacher student lawyer attorney judge reporter
    journalist spokesperson cousin friend neighbor neighbour child kid baby
    immigrant citizen resident victim witness suspect roofer worker owner
    boss doctor professor candidate minister leader founder editor critic
    singer player coach member parent partner spouse agent professor
    engineer scientist artist musician landlord tenant driver"""),
        "",
    ),
}
COLLECTIVES = words(
    """police group groups coalition department administration government state
    city town county court agency company union committee council board band
    team family congress senate legislature office bureau service army party
    public crew staff class couple majority ice fbi feds"""
)
"""Singular words that "they" takes up as readily as plural ones."""

PAGE_NOUNS = words(
    """article page story thread discussion post blog site website report piece
    news section text document conversation year month week day morning
    evening time country world moment case"""
)
"""With "this" they mean the page or the present, not something said before."""

SPOT_NOUNS = words("""comment paragraph passage quote quotation reply response sentence remark
    post line statement""")
"""Places on the page that "that …" and "the …" can point at."""
CITATION_NOUNS = words(
    """one source citation quote quotation reference footnote result passage link"""
)
TITLES: dict[str, str] = {
    "mr": "m", "mrs": "f", "ms": "f", "miss": "f", "sir": "m", "gov": "", "governor": "", "dr": "",
    "secretary": "", "president": "", "senator": "", "sgt": "", "sergeant": "", "officer": "",
    "chief": "", "mayor": "", "sheriff": "", "judge": "", "rep": "", "sen": "", "prof": "",
    "director": "", "attorney": "", "captain": "", "lieutenant": "", "king": "m", "queen": "f",
    "councilman": "m", "councilwoman": "f", "councillor": "", "councilor": "", "alderman": "m",
    "commissioner": "", "supervisor": "", "superintendent": "", "minister": "", "professor": "",
    "doctor": "", "father": "m", "sister": "f", "rev": "", "reverend": "", "lady": "f", "lord": "m",
    "dame": "f", "principal": "", "warden": "", "trooper": "", "detective": "", "inspector": "",
    "congressman": "m", "congresswoman": "f", "representative": "", "coach": "", "canon": "",
}  # fmt: skip
ORGANISATION_WORDS = words(
    """act agency agreement association band bank bureau center centre church club
    coalition college committee communities community company congress
    corporation council county court customs department enforcement
    federation force foundation government group homeland hospital house
    institute law league memorandum ministry museum network news newspaper
    office organization party police program programme project radio records
    school security senate service services society state states street team
    times treaty tv union university war newsradio"""
)

SPEECH = words(
    """say says said saying tell tells told think thinks thought believe believes
    believed argue argues argued claim claims claimed mention mentions
    mentioned write writes wrote written comment comments commented suggest
    suggests suggested feel feels felt explain explains explained add adds
    added mean means meant complain complains complained know knows knew
    hope hopes hoped state states stated promise promises promised ask asks
    asked wonder wonders wondered report reports reported answer answered
    agree agrees agreed note notes noted admit admits admitted warn warns
    warned want wants"""
)
REPLY = words("""reply replied replies respond responded responds answer answered answers
    react reacted agree agrees agreed disagree disagrees disagreed object
    objected object objects argue argued argues""")

OF_THREADS = (
    REPLY
    | SPEECH - words("know knows knew hope hopes hoped mean means meant want wants feel feels felt")
    | words("""commenter commenters commentator poster posters post posts posted posting replying
    responding answering commenting response responses answers reaction reactions thread
    discussion quote quotes quoted quoting message messages remark remarks contradict contradicts
    contradicted challenge challenges challenged challenging pushback criticise criticises
    criticised criticize criticized back""")
)
"""Words of which a question about a thread has one, where nothing else says that it is one."""

BACK_TO = words("""push pushes pushed pushing hit hits write writes wrote talk talks talked answer
    answered argue argued""")
"""Verbs with which "back" is about a thread; "was it brought back?" is not."""

COUNTING = words("""first last most least more than once twice times many people persons longest
    shortest empty blank text anonymous names name users readers active top nothing who""")
"""Words that a question about a thread may have instead, where it is a whole question."""

_VERBS = """accept accuse achieve act add admit affect agree allow announce answer apply
    appear approve argue arrest arrive ask assume attack attend avoid base
    be become begin believe belong blame book break bring build buy call
    care carry cause change charge check choose claim clear close collect
    come comment commit compare complain concern consider contain continue
    convict cost count cover create criticize criticise deal decide decline
    defend demand deny deport describe deserve design detain develop die
    differ disagree discourage discuss do draw drive drop earn employ
    encourage end enforce enter exist expect explain face fail fall fear
    feel fight figure fill find fine finish fix follow force forget form get
    give go grow happen harass hate have hear help hide hire hit hold hope
    identify ignore immigrate improve include increase inform insult intend
    involve join judge keep kick kill know lead learn leave let lie like
    list listen live look lose love make marry matter mean measure meet
    mention mind miss monitor move need note notice object obey occur offer
    open oppose order own pass pay persuade pick plan play point post prefer
    prevent produce promise propose prosecute protect prove pull push put
    qualify quote raise react read realize realise receive recommend record
    reduce refer refuse reject release remain remember remove repair repeat
    replace reply report represent require respond result return run say see
    seem sell send serve set share show sign sit sound speak spend stand
    start stay stop strike study submit suffer suggest support suppose
    suspect take talk teach tell tend thank think threaten throw ticket
    touch treat trust try turn understand use visit vote wait walk want warn
    watch wear win wish wonder work worry write perform marry divorce record
    publish win tour compose direct educate graduate retire born found
    establish invent influence inspire appear star sing act coach score
    compete defeat sue arrest imprison shoot"""
IRREGULAR = words(
    """went gone came began begun broke broken brought built bought chose chosen
    did done drew drawn drove driven fell fallen felt fought found gave
    given got gotten grew grown had heard held hid hidden hit kept knew
    known led left lost made meant met paid put ran read said sat saw seen
    sent shown shot sold sang sung spoke spoken spent stood struck took
    taken taught told thought threw thrown understood went won wore worn
    wrote written became become born let died lay lied ate cut set quit"""
)


def _inflected(lemma: str) -> set[str]:
    forms = {
        lemma,
        lemma + "s",
        lemma + "ed",
        lemma + "ing",
        lemma + lemma[-1] + "ed",
        lemma + lemma[-1] + "ing",
    }
    if lemma.endswith("e"):
        forms |= {lemma + "d", lemma[:-1] + "ing"}
    if lemma.endswith("y"):
        forms |= {lemma[:-1] + "ies", lemma[:-1] + "ied"}
    if lemma.endswith(("s", "sh", "ch", "x", "z", "o")):
        forms.add(lemma + "es")
    return forms


VERBS = (
    frozenset(form for lemma in _VERBS.split() for form in _inflected(lemma)) | IRREGULAR | SPEECH
)
NOUN_TOO = words(
    """agreement arrest answer change charge check comment cost count fear fight
    fine force form help judge law list name need note number offer order
    plan play point post program quote record reply report result share show
    sign state statement study support talk ticket treat trust turn use
    visit vote work worry record records comments replies arrests costs
    fears reports checks changes charges names members song songs album
    albums band studies tour works plays awards figures figure concern
    concerns mind suspect suspects claims claim answers fines tickets plans
    points votes building meaning hearing stand"""
)
"""Verbs by form that are as often nouns: nouns where a determiner or adjective stands before."""

TIMES = words(
    """january february march april may june july august september october november
    december monday tuesday wednesday thursday friday saturday sunday year
    years month months week weeks day days hour hours minutes century decade
    time season"""
)
TIME_UNITS = words("""seconds minutes hours days nights weeks months years decades centuries""")
PLACES = words(
    """massachusetts boston cambridge brookline framingham lawrence attleboro
    lowell worcester springfield quincy lynn brockton holyoke haverhill
    marshfield millbury salem somerville plymouth arizona california texas
    florida alabama alaska arkansas colorado connecticut delaware georgia
    hawaii idaho illinois indiana iowa kansas kentucky louisiana maine
    maryland michigan minnesota mississippi missouri montana nebraska nevada
    ohio oklahoma oregon pennsylvania tennessee utah vermont virginia
    wisconsin wyoming washington chicago seattle detroit houston dallas
    phoenix denver miami atlanta philadelphia portland america usa us mexico
    canada england britain france germany italy spain portugal ireland
    russia china japan india brazil africa europe asia australia london
    paris berlin rome moscow tokyo toronto"""
)

_NAMES = (resources.files("askbot.conversation") / "first_names.txt").read_text(encoding="utf-8")
FEMALE, MALE = map(words, _NAMES.partition("[female]")[2].split("[male]"))
GIVEN = FEMALE | MALE
PRONOUN_GENDER = {"he": "m", "him": "m", "his": "m", "she": "f", "her": "f", "hers": "f"}

BARREN = words(
    """thing things part way lot question answer article page kind sort aspect
    aspects fact facts example reason detail details bit point one number
    idea it others rest other anything first second third"""
)
"""Heads of phrases that name nothing a later pronoun takes up."""
