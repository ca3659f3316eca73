module countinghouse/data/cipher/compat

go 1.26.0

require (
	countinghouse v0.0.0
	github.com/mutecomm/go-sqlcipher/v4 v4.4.2
)

replace countinghouse => ../../..
