"""Service catalogs 服务目录: what is offered where."""
