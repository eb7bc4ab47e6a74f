# Vägarna vidare, överst på varje sida.
nav-kits = Lådor
nav-loans = Våra lån
nav-warehouse = Lager
nav-scan = Skanna
nav-labels = Etiketter
nav-evaluations = Utvärderingar
nav-rounds = Omgångar
nav-admin = Administration
nav-ideas = Idéer
