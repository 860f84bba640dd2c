"""What body cues mean for valence and arousal: a weighted sum that the artist can set, the ``body`` section of config.yaml.

That cues add up is a choice of design; their signs follow the literature. Arousal follows speed, acceleration and how far
the limbs reach (Wallbott 1998; Pollick et al. 2001; Castellano, Villalba and Camurri 2007). Opening, upward movement and
a stretched trunk read positive, a bowed trunk and a dropped head negative (de Meijer 1989; Wallbott 1998; Coulson 2004;
Michalak et al. 2009), abrupt movement less pleasant than flowing movement (Camurri, Lagerlof and Volpe 2003). docs/body.md
has the table.
"""

from __future__ import annotations

from installation.config.emotion import BodyConfig
from installation.emotion.posture import REST, BodyCues


def affect(cues: BodyCues, config: BodyConfig) -> tuple[float, float]:
    """(valence, arousal) in [-1, 1] that a body suggests: offset + sum of weight x (cue - its value at rest), clipped.

    A body at rest, and one whose cues cannot be seen, gives the offsets only.
    """
    valence, arousal = config.valence_offset, config.arousal_offset
    for name, weight in config.valence.items():
        valence += weight * (getattr(cues, name) - getattr(REST, name))
    for name, weight in config.arousal.items():
        arousal += weight * (getattr(cues, name) - getattr(REST, name))
    return min(max(valence, -1.0), 1.0), min(max(arousal, -1.0), 1.0)
