"""The scorer: small, from own text and open dialogues alone, and the same from the same input."""

from importlib.resources import files

from waybillguard.scam.classifier import classifier, grams_of


def test_the_model_is_far_smaller_than_allowed() -> None:
    assert len(files("waybillguard.scam").joinpath("data", "model.npz").read_bytes()) < 1_000_000


def test_probabilities_add_up_and_tell_the_plain_cases_apart() -> None:
    scam = classifier().likeness("您好我是快递客服,您的包裹丢失了,请添加理赔专员微信办理三倍理赔")
    talk = classifier().likeness("晚上吃什么,我去超市买点菜")
    assert abs(scam.legit + scam.parcel_scam + scam.other_scam - 1) < 1e-9
    assert scam.scam > 0.9
    assert talk.scam < 0.1


def test_an_empty_text_has_probabilities_too() -> None:
    assert 0 < classifier().likeness("").legit < 1


def test_numbers_count_as_one_sign() -> None:
    assert grams_of("单号123456") == grams_of("单号9")
