"""The notice's own words in seven languages, a draft for the artist to check: they are no legal advice.

``READING`` says that emotions are read, ``MOVING`` is for a piece that reads none. Nothing stands here that settings could make
untrue; that no pictures are stored is said apart, for a setting can open that door.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Words:
    """In one language: ``title`` and ``text`` for the wall, ``sign`` for the printed sheet; ``no_pictures`` where none are
    stored, ``responsible`` before who is, ``more`` beside the code that leads to further words."""

    title: str
    text: str
    sign: str = ""
    no_pictures: str = ""
    responsible: str = ""
    more: str = ""


READING: dict[str, Words] = {
    "en": Words(
        "Emotion recognition in use",
        "A camera and AI estimate emotions from faces and movement. The picture responds.",
        "In front of this artwork a camera and artificial intelligence estimate emotions from facial expressions and posture. "
        "Picture, sound and light respond to them. If you do not want this, please stay outside the camera’s view.",
        "No pictures of you are stored.",
        "Responsible",
        "Further information",
    ),
    "de": Words(
        "Emotionserkennung aktiv",
        "Kamera und KI schätzen Gefühle aus Gesicht und Bewegung. Das Bild antwortet darauf.",
        "Vor diesem Kunstwerk schätzen eine Kamera und künstliche Intelligenz Gefühle aus Mimik und Körperhaltung. Bild, Ton "
        "und Licht antworten darauf. Wenn Sie das nicht möchten, bleiben Sie bitte außerhalb des Kamerabilds.",
        "Es werden keine Bilder von Ihnen gespeichert.",
        "Verantwortlich",
        "Weitere Informationen",
    ),
    "fr": Words(
        "Reconnaissance des émotions en cours",
        "Une caméra et une IA estiment les émotions d’après le visage et les gestes. L’image y répond.",
        "Devant cette œuvre, une caméra et une intelligence artificielle estiment les émotions d’après les expressions du "
        "visage et la posture. L’image, le son et la lumière y répondent. Si vous ne le souhaitez pas, restez hors du champ de "
        "la caméra.",
        "Aucune image de vous n’est enregistrée.",
        "Responsable",
        "En savoir plus",
    ),
    "es": Words(
        "Reconocimiento de emociones en uso",
        "Una cámara y una IA estiman emociones a partir del rostro y el movimiento. La imagen responde.",
        "Ante esta obra, una cámara y una inteligencia artificial estiman emociones a partir de la expresión del rostro y la "
        "postura. La imagen, el sonido y la luz responden. Si no lo desea, manténgase fuera del campo de la cámara.",
        "No se guardan imágenes de usted.",
        "Responsable",
        "Más información",
    ),
    "it": Words(
        "Riconoscimento delle emozioni in funzione",
        "Una telecamera e un’IA stimano le emozioni da volti e movimenti. L’immagine risponde.",
        "Davanti a quest’opera una telecamera e un’intelligenza artificiale stimano le emozioni dalle espressioni del viso e "
        "dalla postura. Immagine, suono e luce rispondono. Se non lo desidera, resti fuori dal campo della telecamera.",
        "Non viene salvata alcuna Sua immagine.",
        "Responsabile",
        "Ulteriori informazioni",
    ),
    "nl": Words(
        "Emotieherkenning in gebruik",
        "Een camera en AI schatten emoties in op basis van gezicht en beweging. Het beeld reageert daarop.",
        "Voor dit kunstwerk schatten een camera en kunstmatige intelligentie emoties in op basis van gezichtsuitdrukking en "
        "houding. Beeld, geluid en licht reageren daarop. Wilt u dat niet, blijf dan buiten het beeld van de camera.",
        "Er worden geen beelden van u opgeslagen.",
        "Verantwoordelijk",
        "Meer informatie",
    ),
    "pl": Words(
        "Działa rozpoznawanie emocji",
        "Kamera i sztuczna inteligencja oceniają emocje na podstawie twarzy i ruchu. Obraz na nie reaguje.",
        "Przed tym dziełem kamera i sztuczna inteligencja oceniają emocje na podstawie mimiki i postawy ciała. Obraz, dźwięk i "
        "światło na nie reagują. Kto tego nie chce, niech pozostanie poza polem widzenia kamery.",
        "Żadne zdjęcia Państwa nie są zapisywane.",
        "Odpowiedzialny podmiot",
        "Więcej informacji",
    ),
}

MOVING: dict[str, tuple[str, str]] = {
    "en": ("Camera in use", "A camera follows movement and posture; the picture responds. Emotions are not read."),
    "de": (
        "Kamera in Betrieb",
        "Eine Kamera folgt Bewegung und Haltung; das Bild antwortet. Gefühle werden nicht erfasst.",
    ),
    "fr": (
        "Caméra en service",
        "Une caméra suit les mouvements et la posture ; l’image y répond. Les émotions ne sont pas analysées.",
    ),
    "es": (
        "Cámara en uso",
        "Una cámara sigue el movimiento y la postura; la imagen responde. No se analizan emociones.",
    ),
    "it": (
        "Telecamera in funzione",
        "Una telecamera segue movimenti e postura; l’immagine risponde. Le emozioni non vengono rilevate.",
    ),
    "nl": (
        "Camera in gebruik",
        "Een camera volgt beweging en houding; het beeld reageert daarop. Emoties worden niet gelezen.",
    ),
    "pl": ("Kamera w użyciu", "Kamera śledzi ruch i postawę; obraz na nie reaguje. Emocje nie są rozpoznawane."),
}
"""Title and text; the sign says the text, too."""
