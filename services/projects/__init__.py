"""Projects for the public 为民办实事, neighbour projects 近邻项目, and what pays for them."""
