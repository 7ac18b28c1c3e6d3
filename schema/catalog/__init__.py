"""Service catalogs 服务目录: what is offered where."""

from schema.catalog.area import AREA as AREA
