# Errors about organisations, units, people and tokens.
error-organisation-name_taken = There is an organisation of that name already. Choose another name.
error-organisation-not_found = There is no such organisation. Check the name.
error-organisation-which = There are several organisations. Say which with --organisation.
error-unit-not_found = There is no such unit. Check that it has been added.
error-unit-name_taken = There is a unit of that name already. Choose another name, or change the one that is there.
error-person-not_found = There is no such person, or they have been removed. Go back to the list.
error-person-email_taken = The address belongs to somebody already. Change that person instead, or write another address.
error-person-no_role = Choose at least one role.
error-person-no_unit = A borrower needs at least one unit to borrow for. Choose it.
error-person-last_admin = This is the only one who looks after the service. Make somebody else an administrator first.
error-token-not_found = There is no such token, or it has been revoked already.
