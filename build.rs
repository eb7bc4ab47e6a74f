//! Tells cargo which embedded files, besides the code, the binary is made of.

fn main() {
    for path in ["migrations", "assets"] {
        println!("cargo:rerun-if-changed={path}");
    }
}
