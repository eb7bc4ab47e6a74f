# Idébanken: det, dagtilbuddene deler.
ideas = Idébanken
ideas-idea = En idé med { $kit }
ideas-lead = Sådan har andre dagtilbud gjort med kasserne.
ideas-filter = Vælg mellem idéerne
ideas-none = Ingen idéer
ideas-none-text = Her samles det, som dagtilbuddene vil dele.
ideas-none-narrowed = Ingen idé passer til jeres valg. Ret valgene, eller vis alle.
ideas-all = Vis alle idéer
ideas-a-preschool = Et dagtilbud
ideas-invites = Dagtilbuddet inviterer
ideas-public = Alle må læse idébanken, også uden at logge ind
ideas-public-hint = Ellers ser kun de, der er logget ind, den. Den, der ikke er logget ind, ser aldrig et dagtilbuds navn: det har dagtilbuddene kun sagt ja til over for andre dagtilbud.
ideas-save = Gem
ideas-more = Flere idéer med denne kasse
flash-idea-bank = Gemt. Det gælder fra nu af.
