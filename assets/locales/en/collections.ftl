# Collections of evaluations, for example for the fair.
collections = Collections
collections-lead = Gather evaluations for an occasion, for example the fair.
collections-count = { $count ->
    [one] One evaluation
   *[other] { $count } evaluations
  }
collections-none = No collections
collections-none-text = Give the first one a name. Then add evaluations from their own pages.
collections-name = The collection's name
collections-add = Create collection
collections-rename = Rename
collections-remove = Remove the collection
collections-inside = Evaluations
collections-empty = There is nothing here yet. Open an evaluation and add it to the collection.
collections-take-out = Take out
collections-contacts = They want to tell more
collections-no-contacts = None of the preschools has said that it wants to tell more.
collections-file = Download as a file
collections-offers = Offers
collections-email = E-mail
collections-gather = Add to a collection
flash-collection-removed = The collection is removed. The evaluations remain.
collections-remove-lead = The collection “{ $name }” goes for all developers and cannot be brought back. The evaluations stay.
collections-remove-do = Yes, remove the collection
flash-evaluation-gathered = The evaluation is in the collection.
