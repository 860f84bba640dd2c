"""The notice's settings: words in seven languages, own ones over them, mistakes with their line."""

from dataclasses import asdict

import pytest

from installation.config.load import ConfigError, parse_config
from installation.config.notice import NoticeConfig, NoticeText, words_in
from installation.config.notice_texts import MOVING, READING


def test_people_are_told_unless_somebody_says_otherwise() -> None:
    assert parse_config("").notice.enabled
    assert parse_config("notice: {languages: [pl]}").notice.dwell_s > 0


@pytest.mark.parametrize("language", READING)
def test_every_language_says_everything_and_fits_its_own_limits(language: str) -> None:
    found = READING[language]
    assert all(asdict(found).values())
    NoticeText.model_validate(asdict(found))
    assert language in MOVING
    title, text = MOVING[language]
    assert words_in(NoticeConfig(languages=[language]), language, reads_emotion=False).sign == text
    assert title != found.title


def test_own_words_stand_over_the_pieces_and_the_rest_stays() -> None:
    config = parse_config(
        "notice: {languages: [de, ja], words: {de: {title: Achtung}, ja: {title: 感情認識, text: 作品}}}"
    ).notice
    assert words_in(config, "de").title == "Achtung"
    assert words_in(config, "de").text == READING["de"].text
    assert (words_in(config, "ja").sign, words_in(config, "ja").no_pictures) == ("作品", "")
    assert words_in(config, "de", reads_emotion=False).title == "Achtung"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        (
            "notice:\n  languages: [en, ja]\n",
            "config.yaml:2: notice: there are no words in 'ja'; write a title and a text under",
        ),
        ("notice:\n  languages: [en, en]\n", "a language stands twice"),
        ("notice:\n  languages: []\n", "config.yaml:2: notice.languages"),
        ("notice:\n  languages: [English]\n", "config.yaml:2: notice.languages.0"),
        (
            "notice:\n  words: {de: {titel: x}}\n",
            "config.yaml:2: notice.words.de.titel: unknown setting",
        ),
        ("notice:\n  dwell_s: -1\n", "config.yaml:2: notice.dwell_s"),
    ],
)
def test_mistakes_have_their_line(text: str, wrong: str) -> None:
    with pytest.raises(ConfigError) as caught:
        parse_config(text)
    assert wrong in str(caught.value)
