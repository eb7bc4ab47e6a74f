//! The API's own document, read as data: its operations, and requests that fit them.

use serde_json::{Map, Value, json};
use std::collections::HashMap;

/// One operation of the API.
#[derive(Debug)]
pub struct Operation {
    /// `GET`, `POST`, …
    pub method: String,
    /// As in `/loans/{id}`, below `/api/v1`.
    pub path: String,
    /// The roles that may call it: any of them; an empty list means everyone who is signed in. None when the document
    /// does not say.
    pub roles: Option<Vec<String>>,
    query: Vec<(String, bool, Value)>,
    body: Option<(String, Value)>,
}

/// Real values to fill requests with.
#[derive(Debug, Default)]
pub struct World {
    /// What stands in a path, by the part before it: `loans` for `/loans/{id}`.
    pub in_path: HashMap<&'static str, String>,
    /// What stands in a body or a query, by its name.
    pub by_name: HashMap<&'static str, Value>,
}

/// A request that fits an operation.
#[derive(Debug)]
pub struct Request {
    /// Below `/api/v1`, with its query.
    pub path: String,
    /// The type of the body, and the body.
    pub body: Option<(String, Vec<u8>)>,
    /// It names something that exists.
    pub names_something: bool,
}

/// Every operation in the document.
pub fn operations() -> Vec<Operation> {
    let document = serde_json::to_value(digilador::api::document()).unwrap();
    let mut operations = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations.push(Operation::read(&document, path, method, operation));
        }
    }
    operations
}

impl Operation {
    fn read(document: &Value, path: &str, method: &str, operation: &Value) -> Self {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let roles = operation["security"]
            .as_array()
            .and_then(|ways| ways.first())
            .map(|way| way["token"].as_array().unwrap().iter().map(text).collect());
        let parameters = operation["parameters"].as_array().cloned().unwrap_or_default();
        let query = parameters.iter().filter(|parameter| parameter["in"] == "query").map(|parameter| {
            let schema = whole(document, &parameter["schema"]);
            (text(&parameter["name"]), parameter["required"] == true, schema)
        });
        let body = operation["requestBody"]["content"].as_object().and_then(|content| content.iter().next());
        Self {
            method: method.to_uppercase(),
            path: path.strip_prefix("/api/v1").unwrap().to_owned(),
            roles,
            query: query.collect(),
            body: body.map(|(media, content)| (media.clone(), whole(document, &content["schema"]))),
        }
    }

    /// A request that fits, about the things of this world.
    pub fn request(&self, world: &World) -> Request {
        let mut names_something = false;
        let mut path = String::new();
        let mut before = "";
        for part in self.path.split('/').skip(1) {
            path.push('/');
            if part.starts_with('{') {
                let known = world.in_path.get(before);
                path.push_str(known.unwrap_or_else(|| panic!("say in the world what stands in {}", self.path)));
                names_something = true;
            } else {
                path.push_str(part);
                before = part;
            }
        }
        let mut separator = '?';
        for (name, required, schema) in &self.query {
            let known = world.by_name.get(name.as_str());
            if *required || known.is_some() {
                let value = known.cloned().unwrap_or_else(|| example(schema, name, world));
                let value = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
                path.push_str(&format!("{separator}{name}={value}"));
                separator = '&';
            }
        }
        let body = self.body.as_ref().map(|(media, schema)| match media.as_str() {
            "application/json" => {
                let body = example(schema, "", world);
                names_something |= world.by_name.values().any(|value| body.to_string().contains(&value.to_string()));
                (media.clone(), serde_json::to_vec(&body).unwrap())
            }
            _ => (media.clone(), b"Namn\nTallkotten\n".to_vec()),
        });
        Request { path, body, names_something }
    }
}

/// A schema with what it refers to in its place.
fn whole(document: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str() {
        return whole(document, document.pointer(&name[1..]).expect("a schema"));
    }
    match schema {
        Value::Object(members) => {
            Value::Object(members.iter().map(|(name, value)| (name.clone(), whole(document, value))).collect())
        }
        Value::Array(items) => items.iter().map(|item| whole(document, item)).collect(),
        other => other.clone(),
    }
}

/// A value that fits a schema; fields that this world knows by name are filled with what it knows.
fn example(schema: &Value, name: &str, world: &World) -> Value {
    if let Some(known) = world.by_name.get(name) {
        return known.clone();
    }
    if let Some(value) = schema["enum"].as_array().and_then(|values| values.first()) {
        return value.clone();
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[several].as_array().and_then(|schemas| schemas.first()) {
            return example(first, name, world);
        }
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("object");
    match kind {
        "object" => {
            let none = Map::new();
            let fields = schema["properties"].as_object().unwrap_or(&none);
            let required = |field: &str| schema["required"].as_array().is_some_and(|all| all.contains(&json!(field)));
            let wanted =
                fields.iter().filter(|(field, _)| required(field) || world.by_name.contains_key(field.as_str()));
            wanted.map(|(field, schema)| (field.clone(), example(schema, field, world))).collect()
        }
        "array" => json!([example(&schema["items"], name, world)]),
        "integer" | "number" => schema["minimum"].as_f64().map_or(json!(1), |least| json!(least as i64)),
        "boolean" => json!(false),
        "string" => match (schema["format"].as_str(), name) {
            (Some("date"), _) => json!("2026-12-01"),
            (Some("date-time"), _) => json!("2026-11-02T08:00:00Z"),
            (Some("uuid"), _) => json!(uuid::Uuid::now_v7()),
            (_, "email") => json!(format!("{}@example.org", uuid::Uuid::now_v7().simple())),
            (_, "time_zone") => json!("Europe/Stockholm"),
            _ => json!(format!("x {}", uuid::Uuid::now_v7().simple())),
        },
        other => panic!("no example for {other}"),
    }
}
