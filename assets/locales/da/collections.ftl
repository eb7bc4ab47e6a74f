# Samlinger af evalueringer, for eksempel til messen.
collections = Samlinger
collections-lead = Saml evalueringer til en lejlighed, for eksempel messen.
collections-count = { $count ->
    [one] En evaluering
   *[other] { $count } evalueringer
  }
collections-none = Ingen samlinger
collections-none-text = Giv den første et navn. Derefter lægger I evalueringer i fra deres egne sider.
collections-name = Samlingens navn
collections-add = Opret samling
collections-rename = Omdøb
collections-remove = Fjern samlingen
collections-inside = Evalueringer
collections-empty = Her er intet endnu. Åbn en evaluering, og læg den i samlingen.
collections-take-out = Tag ud
collections-contacts = De vil fortælle mere
collections-no-contacts = Ingen af dagtilbuddene har sagt, at de vil fortælle mere.
collections-file = Hent som fil
collections-offers = Tilbyder
collections-email = E-mail
collections-gather = Læg i en samling
flash-collection-removed = Samlingen er fjernet. Evalueringerne er der stadig.
collections-remove-lead = Samlingen ”{ $name }” forsvinder for alle udviklere og kan ikke fås tilbage. Evalueringerne bliver.
collections-remove-do = Ja, fjern samlingen
flash-evaluation-gathered = Evalueringen ligger i samlingen.
