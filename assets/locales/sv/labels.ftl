labels-finder = Den här lådan tillhör { $owner }
labels-finder-text = Har du hittat den? Hör av dig, så hämtar vi den. Tack!
labels-finder-nowhere = Har du hittat den? Lämna den i kommunens reception. Tack!
labels-call = Ring { $phone }
labels-write = Skriv till oss
labels-sign-in = Logga in
labels-sign-in-text = Arbetar du på en förskola?
labels-contents = Räkna så här
labels-line = Del
labels-quantity = Antal
labels-do-receive = Ta emot
labels-do-hand-out = Lämna ut till { $unit }
labels-do-evaluate = Skriv utvärdering
labels-do-kit-page = Om lådan
labels-fact-shelf = Hyllplats
labels-fact-with = Hos
labels-fact-until = Lämnas
labels-ask = Fråga efter { $person }.
labels-get-started = Kom igång
labels-retired = Lådan är tagen ur bruk och lånas inte ut mer.
labels-do-choose = Lämna ut och välj vem som ska ha den
labels-do-loan = Visa lånet
labels-fact-for = Till
labels-fact-from = Från
labels-note = Skanna: innehåll, tips och utvärdering
labels-demo = Demo: etiketten leder ingenstans.
labels-pieces = { $count ->
    [one] { $count } del i lådan
   *[other] { $count } delar i lådan
}
labels-note-lid = Räkna delarna. Skanna för hela listan.
labels-replaced = Etiketten är ersatt. Lådan har koden { $code } nu. Ta bort den gamla etiketten.
labels-blank = Tom etikett
labels-blank-text = Etiketten är tryckt i förväg och sitter inte på någon låda än. Välj lådan som den ska sitta på.
labels-blank-elsewhere = Etiketten hör inte till någon låda än.
labels-blank-kit = Eller lådans kod
labels-blank-kit-hint = Om lådan har en etikett, till exempel 7K3-M9QX. Båda etiketterna gäller sedan.
labels-blank-do = Koppla etiketten till lådan
labels-blank-back = Till etiketterna
labels-test = OK, koden går att läsa
labels-test-text = Skrivaren gör koder som en telefon kan läsa.
labels-test-ruler = Mät nu linjalen på provsidan. Är den så lång som siffrorna säger stämmer storleken. Är den kortare eller längre: skriv ut i verklig storlek, utan att anpassa till sidan.
flash-code-bound = Etiketten hör till lådan nu.
labels-job-kit = { $count ->
    [one] Etikett: { $kit }
   *[other] { $count } etiketter: { $kit }
}
labels-job-kits = { $count } etiketter: { $kit } och { $more } till
labels-demo-mark = DEMO
labels-test-title = Provsida
labels-test-scan = Skanna koden: telefonen ska svara OK.
labels-test-measure = Mät linjalen: den ska vara så lång som den säger.
labels-test-hold = Håll sidan mot ett etikettark: ramarna ska ligga på etiketterna.
labels-replaced-elsewhere = Etiketten är ersatt. Lådan har en nyare etikett.
labels-blank-type = Lådtyp
labels-blank-all = Lådor utan etikett
labels-blank-show = Visa
labels-blank-which = Vilken låda?
labels-blank-without = utan etikett
labels-blank-has = har en etikett
labels-blank-new = Finns lådan inte än?
labels-blank-new-text = Lägg upp en ny låda. Den får etikettens kod.
labels-blank-new-do = Ny låda av typen { $type }
labels-blank-new-hint = Ska etiketten sitta på en ny låda? Välj lådtyp först.
labels-test-hold-roll = Ramen ska ligga längs etikettens kant.
