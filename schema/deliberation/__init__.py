"""Matters 议题 that a neighbourhood takes up, and the way each of them goes 提议—商议—践议—议评; disputes 矛盾纠纷."""

from schema.deliberation.area import AREA as AREA
