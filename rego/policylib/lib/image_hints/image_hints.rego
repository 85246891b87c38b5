# METADATA
# title: Hints of images
# description: >-
#   Which names of environment variables and flags speak of an image, and which of their values may be
#   one. A name is read in any case: sidecarImage and sidecar-image are SIDECAR_IMAGE.
package policylib.lib.image_hints

import rego.v1

# How sure a name makes us that its value is an image: "sure", "likely", "possible" or "not".
hint(name) := "sure" if {
	regex.match(`(?:\A|_)RELATED_IMAGE_.`, plain(name))
} else := "not" if {
	regex.match(concat("", [`(?:\A|_)(?:`, concat("|", pictures), `)_?IMAGES?\z`]), plain(name))
} else := "likely" if {
	regex.match(`IMAGES?(?:_?[0-9]+|_REF|_REFERENCE)?\z`, plain(name))
} else := "not" if {
	regex.match(concat("", [`_(?:`, concat("|", qualities), `)\z`]), plain(name))
} else := "possible" if {
	regex.match(`(?:\A|_)IMAGES?_`, plain(name))
} else := "not"

plain(name) := upper(regex.replace(regex.replace(name, `([a-z0-9])([A-Z])`, "${1}_${2}"), `[-. ]`, "_"))

# Images of disks and pictures, not of containers.
pictures := [
	"AMI", "AVATAR", "BACKGROUND", "BANNER", "BOOT", "COVER", "DISK", "HERO", "ICON", "LOGO",
	"MACHINE", "OS", "PROFILE", "SPLASH", "THUMBNAIL", "VM",
]

# What is said of images, and is none.
qualities := [
	"ACCEPT", "ADDR", "ADDRESS", "BUCKET", "DIGEST", "DIR", "DIRECTORY", "ENDPOINT", "FOLDER", "FORMATS?",
	"HOSTS?", "ID", "KEY", "LABELS?", "MIMES?", "MODELS?", "PATHS?", "POLICY", "PREFIX", "RATIO",
	"REGISTRY", "REPO", "REPOSITORY", "ROOT", "SECRETS?", "TAG", "TYPES?", "VERSION",
]

# The images that a value names, by how sure its name makes us.
named(hint_given, value) := {value} if {
	hint_given == "sure"
	not is_blank(value)
} else := {item | some item in items(value); not is_other(item)} if {
	hint_given == "likely"
	is_string(value)
} else := {item | some item in items(value); not is_other(item); is_like_a_reference(item)} if {
	hint_given == "possible"
	is_string(value)
} else := set()

is_blank(value) if is_null(value)

is_blank(value) if value == ""

# A value may be a list, whose items may have names.
items(value) := {regex.replace(item, `\A[^=]*=`, "") |
	some item in split(regex.replace(value, `[ \t\r\n,;]+`, ","), ",")
}

# Locations, paths, words, numbers and pictures.
is_other(value) if {
	regex.match(`\A[A-Za-z][A-Za-z0-9+.-]*://`, value)
	not regex.match(`\A(?:docker|oci)`, lower(value))
}

is_other(value) if regex.match(`\A(?:[ \t]*|~.*|[.]{0,2}/.*|[0-9.]+)\z`, value)

is_other(value) if {
	lower(value) in {"auto", "default", "disabled", "enabled", "false", "no", "none", "null", "off", "on", "true", "yes"}
}

is_other(value) if regex.match(`\A[^/]*[.](?:avif|bmp|gif|ico|img|iso|jpe?g|png|qcow2|raw|svg|tiff?|vmdk|webp)\z`, lower(value))

# What may be a host with a port is none.
is_like_a_reference(value) if {
	regex.match(`[/:@]`, value)
	not regex.match(`\A[^/:@]+:[0-9]{4,5}\z`, value)
}
