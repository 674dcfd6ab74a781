"""The words in which people ask about a thread, as opposed to what its comments are about."""

from __future__ import annotations

from askbot.text import STOPWORDS


def word_list(text: str) -> list[str]:
    """The words of a text; keeps long word lists readable."""
    return text.split()


SCAFFOLD = STOPWORDS | frozenset(
    word_list("""
    comment comments commented commenting commenter commenters commentator commentators reply
    replies replied replying replier repliers respond responds responded responding response
    responses responder responders answer answers answered answering reaction reactions react
    reacts reacted post posts posted posting poster posters thread threads threaded discussion
    discussions conversation conversations chat chats chain chains exchange exchanges debate
    message messages remark remarks contribution contributions contributor contributors
    contribute contributed participant participants participate participated author authors
    username usernames write writes wrote written writing writer writers speak speaks spoke
    spoken speaking talk talks talked talking talkative tell tells told show shows shown
    showing list lists listed listing display displayed displays see seen read reads reader
    readers visible people persons person user users folks guys guy man woman individual
    individuals human humans anybody anyone everyone everybody somebody nobody none one two
    three four five six seven eight nine ten first second third fourth fifth sixth seventh
    eighth ninth tenth last final latest newest earliest oldest opening closing initial
    penultimate number numbers count counts counted total totals many much altogether overall
    often frequent frequently times time once twice distinct different unique separate various
    most least fewest more fewer top active prolific busiest loudest biggest long longest
    longer short shortest shorter deep deepest large largest small smallest size length empty
    blank blanks content textless words word text texts page article story piece news section
    site website blog paragraph paragraphs sentence sentences passage quote quotes quoted
    quoting quotation quotations cite cites cited citing copy copied copies verbatim mention
    mentions mentioned mentioning bring brings brought refer refers referred referring
    reference references referenced contain contains containing include includes included
    including use uses used using name names named called call calls claim claims claimed says
    actually really real exactly precisely currently say saying said left leave leaves got get
    gets getting receive receives received attract attracts attracted draw drew drawn spark
    sparked trigger triggered start started starts begin began end ended ends finish under
    underneath below beneath above back push pushed pushback pushing argue argues argued
    arguing agree agrees agreed agreeing disagree disagrees disagreed disagreeing object
    objects objected challenge challenged challenges contradict contradicts contradicted
    dispute criticise criticize criticised criticized attack attacked support supported
    supports correct corrected confront confronted oppose opposed whole full entire everything
    every each line lines repeat repeats repeated repeating phrase phrases term expression
    pasted lifted reproduced bottom opens opened closes closed finished kicked among
    themselves either neither both all handle handles weigh weighed chime chimed jump jumped
    voice voiced opinion opinions think thinks thought feel feels felt view views stance take
    takes ignored ignore unanswered direct directly nested top-level toplevel level root tree
    interact interacted interaction interactions address addresses addressed addressing
    between other another others without zero any order ordered sequence summary summarise
    summarize give gave given find found please print kindly want know like let lets check did
    does do has have had was were is are be been being can could would should will there here
    that this these those it its also too only just ever never yet still so ok hey hi thanks
    whats whos wheres who whose whom which what when where why how to of in on at by from for
    with about as and or if not no yes than then else same again anonymous anon anonymously
    unnamed self himself herself itself us me my your our their his her them they she he you
    we i per percent id ids no. nr vs versus against mood general whichever whoever chatty
    turn turns spot place placed attention traction popular replied-to commented-on engaged
    engagement involved appear appears appeared appearing come comes came go goes going went
    made make makes making recent recently ones forth caps capslock capitals uppercase
    shout shouts shouted shouting yell yells yelled yelling together levels layers deeper
    anywhere pls plz correcting contradicting challenging contradict counting nesting
    chattiest straight argument position gist walk through thru
    i'd i'm i've i'll you'd you've you're we'd we've we're they've they're they'd he'd she'd
    """)
)

HERE = ("comments", "commented", "commenter", "commenters", "thread", "discussion")
"""Words that say where somebody is looked for: one of the article, then, who is no commenter."""

READERS = (
    r"(?:commenters?|readers?|users?|posters?|comments?|posts?|repl(?:y|ies)|remarks?|messages?)"
)
"""A pattern for what people call those who comment, and what they write."""

THREAD_WORDS = frozenset(
    word_list("""
    comment comments commented commenting commenter commenters commentator commentators reply
    replies replied replying respond responds responded responding response responses
    responder answer answers answered answering reaction reactions react reacted post posts
    posted posting poster posters thread threads discussion conversation chain exchange
    message messages remark remarks contributor contributors contributed participant
    participants participated user users quote quotes quoted quoting mention mentions
    mentioned wrote written write
    """)
)
"""Words of which a question about a thread that names nobody has at least one, as a rule."""

OF_THREADS = THREAD_WORDS | {"here", "there", "below"}
"""Words by which a question is about this thread, those that point at it included."""

NUMBER_WORDS = {
    word: n
    for n, word in enumerate(
        word_list("""
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
    sixteen seventeen eighteen nineteen twenty
    """),
        start=1,
    )
}
ORDINAL_WORDS = {
    word: n
    for n, word in enumerate(
        word_list("""
    first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth
    """),
        start=1,
    )
} | {"opening": 1, "earliest": 1, "initial": 1, "oldest": 1}
LAST_WORDS = {
    "last": -1,
    "final": -1,
    "latest": -1,
    "newest": -1,
    "closing": -1,
    "penultimate": -2,
    "recent": -1,
    "recently": -1,
}

DETERMINERS = frozenset(
    word_list("""
    a an the this that these those its my your our their his her some any no every each
    """)
)
BEFORE_NAME = frozenset(
    word_list("""
    give gives gave by to from did does do is was has had have with on at of and or vs versus
    than between before above behind following preceding follows precedes
    named called user commenter poster author about answer answers answered respond responded
    reply replied mention mentions mentioned quote quoted against ask asked agree tell told
    show can could would should will what-did for toward towards under beneath below after
    person handle name nick address addressed challenge challenged contradict contradicted
    criticise criticised criticize criticized attack attacked support supported correct
    corrected ignore ignored
    """)
)
AFTER_NAME = frozenset(
    word_list("""
    say says said saying write writes wrote written reply replies replied replying respond
    responds responded answer answers answered answering comment comments commented commenting
    post posts posted posting think thinks thought mention mentions mentioned quote quotes
    quoted ask asks asked get gets got receive received and or vs versus talk talks talked
    speak speaks spoke argue argues argued agree agrees agreed disagree disagrees disagreed
    want wants wanted claim claims claimed believe believes believed feel feels felt mean
    means meant suggest suggests propose proposes describe describes complain complains
    complained reply-to ever also even only contribute contributed have has had leave leaves
    left object objects first last tell tells told explain explains explained
    """)
)
COMMON_NAME_WORDS = frozenset(
    word_list("""
    come go look just asking on the at of from and a an to in is it me my not no yes so oh hey
    really you we they he she who what why how one two can do did say says tell think know
    said another same well ok okay right wrong true real big old new little quiet good bad
    guest anonymous user reader citizen taxpayer resident voter concerned local here there now
    again
    """)
)

TITLES = {
    "professor": ("prof", "professor"),
    "doctor": ("dr", "doctor"),
    "reverend": ("rev", "reverend"),
    "sergeant": ("sgt", "sergeant"),
    "sarge": ("sgt", "sergeant"),
    "doc": ("dr", "doctor"),
    "prof": ("prof", "professor"),
    "captain": ("capt", "captain"),
    "canon": ("canon",),
    "pastor": ("pastor",),
    "father": ("father", "fr"),
    "sister": ("sister", "sr"),
    "coach": ("coach",),
    "nurse": ("nurse",),
}
"""How commenters write the titles that people call them by."""
VOCATIVES = frozenset(("sarge", "doc", "prof"))
"""Titles that stand for a name without "the"."""
