# Idébanken: det som förskolorna delar med sig av.
ideas = Idébanken
ideas-idea = En idé med { $kit }
ideas-lead = Så har andra förskolor gjort med lådorna.
ideas-filter = Välj bland idéerna
ideas-none = Inga idéer
ideas-none-text = Här samlas det som förskolorna vill dela med sig av.
ideas-none-narrowed = Ingen idé passar det ni valde. Ändra valen, eller visa alla.
ideas-all = Visa alla idéer
ideas-a-preschool = En förskola
ideas-invites = Förskolan bjuder in
ideas-public = Alla får läsa idébanken, även utan att logga in
ideas-public-hint = Annars ser bara de som är inloggade den. Den som inte är inloggad ser aldrig någon förskolas namn: det har förskolorna bara lovat andra förskolor.
ideas-save = Spara
ideas-more = Fler idéer med den här lådan
flash-idea-bank = Sparat. Det gäller från och med nu.
