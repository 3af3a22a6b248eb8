package plainyaml

import (
	"encoding/json"
	"strconv"
	"strings"
)

// isKey is false for plain keys that yaml/v2 does not read as strings, or that it merges.
func isKey(text string) bool {
	if text == "<<" {
		return false
	}
	switch kinds[text[0]] {
	case 'w':
		_, isWord := word(text)
		return !isWord
	case 'n':
		return !canBeNumber(text)
	}
	return true
}

// kinds tells by the first character what a plain text may be but a string: a word of YAML 1.1, or a number.
var kinds = kindsByFirst()

func kindsByFirst() (kinds [256]byte) {
	for _, c := range []byte("yYnNtTfFoO~") {
		kinds[c] = 'w'
	}
	for _, c := range []byte("0123456789+-.") {
		kinds[c] = 'n'
	}
	return kinds
}

// resolve finds the value of a plain text as yaml/v2 does.
func resolve(text string) (any, bool) {
	switch kinds[text[0]] {
	case 'w':
		if value, isWord := word(text); isWord {
			return value, true
		}
	case 'n':
		if isDecimal(text) {
			return json.Number(text), true
		}
		if canBeNumber(text) {
			return resolveNumber(text)
		}
	}
	return text, true
}

func word(text string) (value any, isWord bool) {
	switch text {
	case "true", "True", "TRUE", "yes", "Yes", "YES", "y", "Y", "on", "On", "ON":
		return true, true
	case "false", "False", "FALSE", "no", "No", "NO", "n", "N", "off", "Off", "OFF":
		return false, true
	case "null", "Null", "NULL", "~":
		return nil, true
	}
	return nil, false
}

// isDecimal is true for integers that JSON writes the same way.
func isDecimal(text string) bool {
	digits := strings.TrimPrefix(text, "-")
	if len(digits) == 0 || len(digits) > 15 || digits[0] == '0' && text != "0" {
		return false
	}
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return false
		}
	}
	return true
}

// canBeNumber is false for what yaml/v2 surely takes for a string.
func canBeNumber(text string) bool {
	points, hasHexDigit, hasX := 0, false, false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '+', '-', '_', 'e', 'E', 'b', 'B', 'o', 'O':
		case '.':
			points++
		case 'a', 'c', 'd', 'f', 'A', 'C', 'D', 'F':
			hasHexDigit = true
		case 'x', 'X':
			hasX = true
		default:
			return isNotFinite(text)
		}
	}
	return points < 2 && (hasX || !hasHexDigit)
}

// resolveNumber does to a text made of a number's characters what yaml/v2 does, which drops underscores, and takes 0b-1 for a
// number. JSON has no infinities.
func resolveNumber(text string) (any, bool) {
	if isNotFinite(text) || strings.Contains(text, "_") || strings.HasPrefix(text, "0b-") || strings.HasPrefix(text, "0b+") {
		return nil, false
	}
	if strings.Contains(text, ".") {
		return resolveFraction(text)
	}
	if whole, err := strconv.ParseInt(text, 0, 64); err == nil {
		return json.Number(strconv.FormatInt(whole, 10)), true
	}
	if whole, err := strconv.ParseUint(text, 0, 64); err == nil {
		return json.Number(strconv.FormatUint(whole, 10)), true
	}
	return resolveFraction(text)
}

func resolveFraction(text string) (any, bool) {
	fraction, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return text, true
	}
	encoded, err := json.Marshal(fraction)
	return json.Number(encoded), err == nil
}

func isNotFinite(text string) bool {
	switch strings.TrimLeft(text, "+-") {
	case ".inf", ".Inf", ".INF", ".nan", ".NaN", ".NAN":
		return true
	}
	return false
}
