"""Enquiries of newsrooms and posts that only look like them, all invented: how many of each the rules take."""

from streams.words.cases import CaseSort
from tests.streams.decisions.listening.routes.test_router import route

ENQUIRIES = (
    "Hi, I'm a journalist at the Vale Gazette - could you DM me please?",
    "Hello, BBC News here. Can you confirm how many people were brought in?",
    "Is there a press officer I can talk to tonight? Reporter, on deadline.",
    "Please could someone from your press office call me, we go to print at nine",
    "Any chance of an interview with a consultant for tonight's programme?",
    "I work for ITV News, would love to speak to somebody about the fire",
    "Producer at local radio - can we have a spokesperson live on air at 7?",
    "Looking for a comment for our story on ward closures, deadline 4pm",
    "Could I get a statement for tomorrow's paper about the power cut?",
    "This is the news desk of the Echo. Who do I contact for comment?",
    "I'm writing a piece about waiting times and would like a response from the trust",
    "Do you have a media contact? We are running a story on the evacuation",
    "Reporter here. Right of reply on an article we publish tomorrow, please get in touch",
    "We're filming outside your main entrance, can we interview a nurse for S4C?",
    "Following up my email: will you respond before our deadline?",
    "Freelance journalist, can I use your photo of the helipad?",
    "Could the chief executive speak to our viewers this evening?",
    "What is happening at your hospital? Asking for the Post",
    "Gohebydd o Golwg360: pwy alla i siarad â nhw?",
    "A allwch chi roi datganiad i Newyddion S4C?",
)
ALIKE = (
    "My daughter wants to be a journalist one day",
    "The press conference was on telly while I waited in A&E",
    "I heard on BBC News that the road is shut",
    "Great interview with your head nurse this morning!",
    "That story in the Gazette about the bake sale was lovely",
    "Had my job interview on the wards today, fingers crossed",
    "No comment from the council, as ever",
    "The deadline for flu jabs is Friday",
    "Media circus outside the gates again",
    "Can you tell me when visiting starts?",
    "Please can I speak to someone about my appointment",
    "My bank statement fell out of my bag in the clinic, did anyone find it",
    "Reporter on the radio said it was a small fire",
    "You should press charges",
    "The local paper has the winners of the raffle",
    "Who can I contact about lost property?",
    "Is your press-up challenge still on for charity?",
    "I read an article about your new scanner, brilliant",
    "Newyddion da o'r ysbyty heddiw",
    "Watching the documentary about your nurses, in tears",
)


def taken(posts: tuple[str, ...]) -> list[str]:
    found = [(text, route(text)) for text in posts]
    return [text for text, one in found if one and one.sort is CaseSort.MEDIA_ENQUIRY]


def test_most_enquiries_are_found_and_few_others() -> None:
    """At least 63 in 100, and at most 2 in 30, as the first rules did: the rest a person opens by hand."""
    assert len(taken(ENQUIRIES)) >= 0.63 * len(ENQUIRIES)
    assert len(taken(ALIKE)) <= 2 / 30 * len(ALIKE)
