# Samlingar av utvärderingar, till exempel inför mässan.
collections = Samlingar
collections-lead = Samla utvärderingar inför ett tillfälle, till exempel mässan.
collections-count = { $count ->
    [one] En utvärdering
   *[other] { $count } utvärderingar
  }
collections-none = Inga samlingar
collections-none-text = Ge den första ett namn. Sedan lägger ni i utvärderingar från deras egna sidor.
collections-name = Samlingens namn
collections-add = Skapa samling
collections-rename = Byt namn
collections-remove = Ta bort samlingen
collections-inside = Utvärderingar
collections-empty = Här finns inget än. Öppna en utvärdering och lägg den i samlingen.
collections-take-out = Ta ur
collections-contacts = De vill berätta mer
collections-no-contacts = Ingen av förskolorna har sagt att de vill berätta mer.
collections-file = Hämta som fil
collections-offers = Erbjuder
collections-email = E-post
collections-gather = Lägg i en samling
flash-collection-removed = Samlingen är borttagen. Utvärderingarna finns kvar.
collections-remove-lead = Samlingen ”{ $name }” försvinner för alla utvecklare och går inte att få tillbaka. Utvärderingarna finns kvar.
collections-remove-do = Ja, ta bort samlingen
flash-evaluation-gathered = Utvärderingen ligger i samlingen.
