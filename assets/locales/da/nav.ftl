# Vejene videre, øverst på hver side.
nav-kits = Kasser
nav-loans = Vores lån
nav-warehouse = Lager
nav-scan = Scan
nav-labels = Etiketter
nav-evaluations = Evalueringer
nav-rounds = Runder
nav-admin = Administration
nav-ideas = Idéer
