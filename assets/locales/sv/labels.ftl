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
