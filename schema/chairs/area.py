"""What themes and evaluations add to posts and party organizations, and to the indicators."""

from policies.scope import Way
from schema.chairs import evaluations, themes
from schema.chairs.evaluations import ChairEvaluation
from schema.chairs.themes import ChairTheme
from schema.kit.entities import Area, connection, edge_to, listing
from schema.kit.numbers import count
from schema.organization.under import under
from services.chairs.tables import RULES
from services.organization.paths import at_or_beneath
from services.terms import on

AREA = Area(
    entities=(ChairTheme, ChairEvaluation),
    edges={
        "Post": {
            "themes": edge_to(
                ChairTheme,
                connection(
                    lambda post, theme: theme.post_id == post.id,
                    "任轮值家长期间的主题 / The themes of this term, if it is one in the chair.",
                    alike=(Way.MEMBER,),
                ),
            )
        },
        "PartyOrganization": {
            "themes": edge_to(
                ChairTheme,
                connection(
                    lambda organization, theme: theme.organization_id == organization.id,
                    "历任轮值家长的主题 / The themes of its rotating chairs, past and to come too.",
                ),
            ),
            "evaluations": edge_to(
                ChairEvaluation,
                connection(
                    lambda organization, evaluation: evaluation.organization_id == organization.id,
                    "轮值家长历年评议 / The evaluations of its rotating chairs.",
                ),
            ),
        },
        "Indicators": {
            "themes_held": count(
                ChairTheme,
                lambda unit, theme: at_or_beneath(theme.unit_path, unit.path),
                "已开展的轮值主题，截至该日 / Themes that rotating chairs have held until then.",
                holding=lambda theme, day: theme.held_on <= on(day),
            ),
        },
    },
    roots={
        "chair_themes": listing(
            ChairTheme, "可见的全部轮值主题 / Every theme of a rotating chair you may see.", under=under()
        ),
        "chair_evaluations": listing(
            ChairEvaluation, "可见的全部年度评议 / Every evaluation of rotating chairs you may see.", under=under()
        ),
    },
    commands={**themes.COMMANDS, **evaluations.COMMANDS},
    rules=RULES,
)
