"""How a question becomes one statement: endpoint -> limits -> visible -> plan -> sql -> read."""
