queue-join = Ställ er i kö för { $kit }
queue-join-lead = Säg vilka veckor som passar. När en låda blir ledig då, får ni den erbjuden.
queue-join-do = Ställ er i kö
queue-link = Ställ er i kö
queue-earliest = Från vecka
queue-latest = Till vecka
queue-latest-hint = Sista veckan att lämna tillbaka lådan. Ju fler veckor ni väljer, desto större är chansen.
queue-length = Hur länge vill ni låna?
queue-how = Så går kön
queue-how-1 = Den förskola som har lånat minst det senaste året går först. Har två lånat lika mycket går den först som frågade först.
queue-how-2 = Ni får ett mejl när en låda är ledig för er. Den hålls i 48 timmar, räknat på dagar då vi har öppet, men inte längre än tills lånet börjar.
queue-how-3 = Säger ni nej, eller svarar ni inte, går den till nästa.
queue-line = Kön just nu
queue-line-none = Ingen står i kö.
queue-line-wish = Önskar
queue-line-why = Varför
queue-line-status = Läge
queue-wish = { $weeks }, { $length }
queue-length-weeks = { $count ->
    [one] en vecka
   *[other] { $count } veckor
  }
queue-length-days = { $count ->
    [one] en dag
   *[other] { $count } dagar
  }
queue-place = Plats { $place } av { $of }
queue-reason = { $had ->
    [0] Inga lån det senaste året
    [one] Ett lån det senaste året, med bokade
   *[other] { $had } lån det senaste året, med bokade
  }. Frågade { $asked }.
queue-status-waiting = I kö
queue-status-offered = Erbjudande
queue-status-taken = Bokad
queue-status-declined = Avböjt
queue-status-lapsed = Tiden gick ut
queue-status-withdrawn = Lämnade kön
queue-status-passed = Ingen låda blev ledig
queue-offers = Erbjudande till er
queue-mine = I kö
queue-offer = Nu kan ni låna { $kit }
queue-offer-lead = Vi håller lådan åt er till { $until }. Sedan går den till nästa i kön.
queue-offer-at-risk = Lådan är försenad. Säger ni ja, söker vi en annan, men det är inte säkert att det går.
queue-take = Ta erbjudandet
queue-decline = Avstå
queue-answer-by = Svara senast { $until }
queue-wished = Ni önskar
queue-your-place = Er plats
queue-outlook = Så ser det ut
queue-blocked = Ni får inget erbjudande förrän er sena utvärdering är inskickad. Ni behåller er plats.
queue-if-on-time = Tidigast { $weeks }, om alla lämnar tillbaka i tid.
queue-unless-called-off = Ingen låda blir ledig i era veckor som det ser ut nu. Avbokar någon går den till den som står först.
queue-instead = Vill ni inte vänta? Ledigt { $weeks } ({ $days }).
queue-instead-do = Boka { $weeks }
queue-leave = Lämna kön
queue-declined-text = Ni tackade nej, och lådan gick till nästa i kön.
queue-lapsed-text = Erbjudandet gick ut utan svar, och lådan går till nästa i kön.
queue-withdrawn-text = Ni har lämnat kön.
queue-passed-text = Veckorna har gått, och ingen låda blev ledig.
queue-taken-text = Ni tog erbjudandet. Lådan är bokad.
queue-see-loan = Se lånet
queue-again = Ställ er i kö igen
queue-kit-page = Se när lådan är ledig
flash-queued = Ni står i kö. Vi mejlar när en låda är ledig för er.
flash-declined = Ni har avstått, och lådan går till nästa i kön.
flash-withdrawn = Ni har lämnat kön.
