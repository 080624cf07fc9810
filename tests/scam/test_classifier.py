"""The model: small, trained only on own texts and open dialogues, and reproducible."""

from importlib.resources import files

from waybillguard.scam.classifier import Likeness, classifier, grams_of, passages
from waybillguard.scam.extract import extract
from waybillguard.scam.features import features
from waybillguard.scam.model import Message
from waybillguard.scam.signs import Signs
from waybillguard.scam.suspicion import is_certain, is_likely


def test_the_model_is_far_smaller_than_allowed() -> None:
    assert len(files("waybillguard.scam").joinpath("data", "model.npz").read_bytes()) < 1_000_000


def likeness(text: str) -> Likeness:
    facts = extract(Message(text=text))
    signs = Signs(facts)
    said = features(signs, certain=is_certain(signs), likely=is_likely(signs))
    return classifier().likeness(facts.normalised.text, said)


def test_the_same_words_weigh_less_in_a_warning() -> None:
    ask = "快递丢失了，请加微信 kf9920 理赔"
    assert likeness(f"骗子会说{ask}，都是诈骗，请勿相信").scam < 0.4
    assert likeness(ask).scam > 0.8


def test_probabilities_add_up_and_tell_the_plain_cases_apart() -> None:
    scam = likeness("您好我是快递客服,您的包裹丢失了,请添加理赔专员微信办理三倍理赔")
    talk = likeness("晚上吃什么,我去超市买点菜")
    assert abs(scam.legit + scam.parcel_scam + scam.other_scam - 1) < 1e-9
    assert scam.scam > 0.9
    assert talk.scam < 0.1


def test_an_empty_text_has_probabilities_too() -> None:
    assert 0 < classifier().likeness("").legit < 1


def test_numbers_count_as_one_sign() -> None:
    assert grams_of("单号123456") == grams_of("单号9")


def test_passages_cover_a_text_and_none_is_too_short_to_say_something() -> None:
    text = "您的快递已经签收，感谢您的使用。好的！请您加微信kf9920办理三倍理赔，谢谢。嗯"
    spans = passages(text)
    assert "".join(text[slice(*span)] for span in spans) == text
    assert len(spans) > 1
    assert all(end - start >= 14 for start, end in spans)
    assert passages("您的快递已经签收，感谢您的使用。") == []


def test_the_worst_passage_alone_is_not_excused_by_what_stands_around_it() -> None:
    ask = "您的快递丢失了，请加微信 kf9920 办理三倍理赔。"
    text = "本店将暂停营业三天，请各位邻居互相转告，谢谢大家。" * 4 + ask
    model = classifier()
    assert model.likeness(text, worst_alone=True).scam > model.likeness(text).scam
