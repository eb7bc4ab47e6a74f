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
labels-replaced = Etiketten er erstattet. Kassen har koden { $code } nu. Fjern den gamle etiket.
labels-blank = Tom etiket
labels-blank-text = Etiketten er trykt på forhånd og sidder ikke på nogen kasse endnu. Vælg den kasse, den skal sidde på.
labels-blank-elsewhere = Etiketten hører ikke til nogen kasse endnu.
labels-blank-kit = Eller kassens kode
labels-blank-kit-hint = Hvis kassen har en etiket, for eksempel 7K3-M9QX. Begge etiketter gælder så.
labels-blank-do = Knyt etiketten til kassen
labels-blank-back = Til etiketterne
labels-test = OK, koden kan læses
labels-test-text = Printeren laver koder, som en telefon kan læse.
labels-test-ruler = Mål nu linealen på prøvesiden. Er den så lang, som tallene siger, passer størrelsen. Er den kortere eller længere: udskriv i faktisk størrelse uden at tilpasse til siden.
flash-code-bound = Etiketten hører til kassen nu.
labels-job-kit = { $count ->
    [one] Etiket: { $kit }
   *[other] { $count } etiketter: { $kit }
}
labels-job-kits = { $count } etiketter: { $kit } og { $more } til
labels-demo-mark = DEMO
labels-test-title = Prøveside
labels-test-scan = Skan koden: telefonen skal svare OK.
labels-test-measure = Mål linealen: den skal være så lang, som den siger.
labels-test-hold = Hold siden mod et etiketark: rammerne skal ligge på etiketterne.
labels-replaced-elsewhere = Etiketten er erstattet. Kassen har en nyere etiket.
labels-blank-type = Kassetype
labels-blank-all = Kasser uden etiket
labels-blank-show = Vis
labels-blank-which = Hvilken kasse?
labels-blank-without = uden etiket
labels-blank-has = har en etiket
labels-blank-new = Findes kassen ikke endnu?
labels-blank-new-text = Opret en ny kasse. Den får etikettens kode.
labels-blank-new-do = Ny kasse af typen { $type }
labels-blank-new-hint = Skal etiketten sidde på en ny kasse? Vælg først kassetype.
labels-test-hold-roll = Rammen skal ligge langs etikettens kant.
