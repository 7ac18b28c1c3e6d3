"""Neighbourhood centres 党建+邻里中心 and the facilities around them: who operates what there, and who lives near."""
