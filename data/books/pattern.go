package books

import "strings"

// glob tells whether s matches a pattern in which * stands for any text,
// nothing included. Both must be folded already. It takes time in proportion to
// len(pattern) * len(s) at worst, whatever the pattern.
func glob(pattern, s string) bool {
	head, rest, star := strings.Cut(pattern, "*")
	if !star {
		return pattern == s
	}
	s, ok := strings.CutPrefix(s, head)
	if !ok {
		return false
	}
	for {
		part, next, more := strings.Cut(rest, "*")
		if !more {
			return strings.HasSuffix(s, part)
		}
		i := strings.Index(s, part)
		if i < 0 {
			return false
		}
		s, rest = s[i+len(part):], next
	}
}

// fold brings names of one meaning together: letter case and blanks around
// them differ between Amazon's sources.
func fold(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// foldPath makes a path comparable name by name: "/name/name/".
func foldPath(s string) string { return "/" + fold(s) + "/" }

// foldPattern folds a pattern of a path. One that says nothing about its ends
// (as "fba fees") means the whole path.
func foldPattern(s string) string {
	s = fold(s)
	if strings.HasPrefix(s, "*") {
		return s
	}
	return "/" + strings.TrimSuffix(s, "/") + "/"
}
