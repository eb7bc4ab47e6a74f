# Sourced by the load scripts, in the project's folder.

# Builds the program as it is built for use, and the example that grows databases; sets `built` to the folder they are in.
# LOAD_PROFILE=release takes half the time, and LOAD_PROFILE=dev is for ratios alone.
build() {
    local profile=${LOAD_PROFILE:-dist}
    cargo build --profile "$profile" --quiet --bin digilador --example grow
    built=${CARGO_TARGET_DIR:-target}/$([ "$profile" = dev ] && echo debug || echo "$profile")
}
