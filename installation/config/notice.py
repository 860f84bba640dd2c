"""The section ``notice`` of config.yaml: visitors are told that they are read, and from when on; see docs/visitors.md."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

from installation.config.notice_texts import MOVING, READING, Words
from installation.config.section import ARTIST, NOT_FROM_NETWORK, Section

Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")]
"""A language's tag as web pages have it: en, de, zh-Hant."""
ARTISTS_ALONE = ARTIST | NOT_FROM_NETWORK
"""Whether and how people are told is for those who stand in for it, not for the network."""


class NoticeText(Section):
    """Words in one language; what is left out is the piece's own."""

    title: str = Field("", max_length=80, description="the large line: that emotion recognition is in use")
    text: str = Field("", max_length=300, description="below it: what is read, and what for")
    sign: str = Field("", max_length=1500, description="on the printed sign in place of text")
    no_pictures: str = Field(
        "",
        max_length=200,
        description="on the sign: that no pictures are stored; left out where output.record_camera is on",
    )
    responsible: str = Field("", max_length=60, description="on the sign, before who is responsible")
    more: str = Field("", max_length=60, description="on the sign, beside the code that leads to url")


class NoticeConfig(Section):
    """What visitors are told on the wall and on the printed sign, and how long nothing is read of whoever has just come."""

    enabled: bool = Field(
        True,
        description="tell visitors on the wall that emotions are read, and read nothing of a newcomer for dwell_s; on, so that "
        "nobody is read untold because a line was forgotten",
        json_schema_extra=ARTISTS_ALONE,
    )
    languages: list[Language] = Field(
        default_factory=lambda: ["en", "de", "fr"],
        min_length=1,
        max_length=12,
        description=f"which, in this order; words are there for {', '.join(READING)}; others need theirs under words",
        json_schema_extra=ARTISTS_ALONE,
    )
    arrangement: Literal["together", "in turn"] = Field(
        "together",
        description="together: all languages at once, so that everybody is told before dwell_s is over; in turn: one at a "
        "time, larger",
        json_schema_extra=ARTISTS_ALONE,
    )
    turn_s: float = Field(
        5.0, ge=1, le=60, description="each language's turn, seconds", json_schema_extra=NOT_FROM_NETWORK
    )
    dwell_s: float = Field(
        3.0,
        ge=0,
        le=60,
        description="for so long after somebody new arrives neither face nor body is read for emotions, seconds; presence and "
        "motion are",
        json_schema_extra=ARTISTS_ALONE,
    )
    attract: bool = Field(True, description="show it while nobody is there", json_schema_extra=ARTISTS_ALONE)
    arrival: bool = Field(True, description="show it when somebody arrives", json_schema_extra=ARTISTS_ALONE)
    arrival_s: float = Field(
        8.0,
        ge=1,
        le=300,
        description="how long from an arrival on, and never shorter than dwell_s, seconds",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    size: float = Field(
        1.0,
        ge=0.5,
        le=2,
        description="factor on the letters; what does not fit the picture is made smaller",
        json_schema_extra=ARTISTS_ALONE,
    )
    place: Literal["bottom", "middle", "top"] = Field(
        "bottom", description="where in the picture: bottom, middle or top", json_schema_extra=ARTISTS_ALONE
    )
    font: str = Field(
        "",
        max_length=300,
        description="a font file (.ttf, .otf), or the name of a font of this machine; empty: the piece's own, and for scripts "
        "that it lacks whichever is found",
        json_schema_extra=NOT_FROM_NETWORK,
    )
    words: dict[Language, NoticeText] = Field(
        default_factory=dict,
        max_length=40,
        description="words of your own: language: {title, text, sign, ...}; the piece's are a draft and no legal advice",
        json_schema_extra=ARTISTS_ALONE,
    )
    responsible: str = Field(
        "",
        max_length=200,
        description="who is responsible, for the sign; empty: a line to write on",
        json_schema_extra=ARTIST,
    )
    contact: str = Field(
        "",
        max_length=200,
        description="how they can be reached, for the sign; empty: a line to write on",
        json_schema_extra=ARTIST,
    )
    url: str = Field(
        "",
        max_length=300,
        description="address of a page that says more; the sign has a code that leads there; empty: none",
        json_schema_extra=ARTIST,
    )

    @model_validator(mode="after")
    def _has_words(self) -> NoticeConfig:
        if len(set(self.languages)) < len(self.languages):
            raise PydanticCustomError("languages", "a language stands twice in languages; take one out")
        for language in self.languages:
            own = self.words.get(language)
            if language not in READING and (own is None or not own.title):
                text = "there are no words in '{language}'; write a title and a text under notice.words.{language}"
                raise PydanticCustomError("languages", text, {"language": language})
        return self


def words_in(config: NoticeConfig, language: str, reads_emotion: bool = True) -> Words:
    """What is said in ``language``: the settings' own words over the piece's. ``reads_emotion``: whether emotions are read at
    all; where they are not, the piece's words say that. KeyError for a language without words."""
    found = READING.get(language, Words("", ""))
    if not reads_emotion and language in MOVING:
        title, text = MOVING[language]
        found = replace(found, title=title, text=text, sign=text)
    own = config.words.get(language)
    if own is not None:
        found = replace(found, **{name: value for name, value in own.model_dump().items() if value})
    if not found.title:
        raise KeyError(language)
    return found if found.sign else replace(found, sign=found.text)
