labels-finder = Denne kasse tilhører { $owner }
labels-finder-text = Har du fundet den? Giv os besked, så henter vi den. Tak!
labels-finder-nowhere = Har du fundet den? Aflever den i kommunens reception. Tak!
labels-call = Ring { $phone }
labels-write = Skriv til os
labels-sign-in = Log ind
labels-sign-in-text = Arbejder du i en børnehave?
labels-contents = Tæl sådan her
labels-line = Del
labels-quantity = Antal
labels-do-receive = Modtag
labels-do-hand-out = Udlever til { $unit }
labels-do-evaluate = Skriv evaluering
labels-do-kit-page = Om kassen
labels-fact-shelf = Hyldeplads
labels-fact-with = Hos
labels-fact-until = Afleveres
labels-ask = Spørg efter { $person }.
labels-get-started = Kom i gang
labels-retired = Kassen er taget ud af brug og udlånes ikke mere.
labels-do-choose = Udlever og vælg, hvem der skal have den
labels-do-loan = Vis lånet
labels-fact-for = Til
labels-fact-from = Fra
labels-note = Scan: indhold, tips og evaluering
labels-demo = Demo: etiketten fører ingen steder hen.
labels-pieces = { $count ->
    [one] { $count } del i kassen
   *[other] { $count } dele i kassen
}
labels-note-lid = Tæl delene. Skan for hele listen.
