# The idea bank: what the preschools share.
ideas = The idea bank
ideas-idea = An idea with { $kit }
ideas-lead = What other preschools have done with the kits.
ideas-filter = Choose among the ideas
ideas-none = No ideas
ideas-none-text = What the preschools want to share gathers here.
ideas-none-narrowed = No idea fits what you chose. Change the choices, or show all.
ideas-all = Show all ideas
ideas-a-preschool = A preschool
ideas-invites = The preschool invites you
ideas-public = Everyone may read the idea bank, without signing in
ideas-public-hint = Otherwise only those who are signed in see it. Whoever is not signed in never sees the name of a preschool: the preschools have agreed to other preschools only.
ideas-save = Save
ideas-more = More ideas with this kit
flash-idea-bank = Saved. It applies from now on.
