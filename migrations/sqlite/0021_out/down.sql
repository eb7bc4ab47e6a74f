DROP TABLE webhook_deliveries;
DROP TABLE webhooks;
DROP INDEX events_by_kind;
