# The ways on, at the top of every page.
nav-kits = Kits
nav-loans = Our loans
nav-warehouse = Warehouse
nav-scan = Scan
nav-labels = Labels
nav-evaluations = Evaluations
nav-rounds = Rounds
nav-admin = Administration
nav-ideas = Ideas
