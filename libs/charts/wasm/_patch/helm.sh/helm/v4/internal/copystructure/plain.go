package copystructure

import "reflect"

// copyPlain copies what values are made of, without reflection; whatever else is in them, as Helm does.
func copyPlain(value any) (any, error) {
	switch node := value.(type) {
	case nil, string, bool, float64, int, int64:
		return node, nil
	case map[string]any:
		if node == nil {
			return node, nil
		}
		copied := make(map[string]any, len(node))
		for key, child := range node {
			var err error
			if copied[key], err = copyPlain(child); err != nil {
				return nil, err
			}
		}
		return copied, nil
	case []any:
		if node == nil {
			return node, nil
		}
		// `slice` goes up to the capacity.
		copied := make([]any, len(node), cap(node))
		for i, child := range node {
			var err error
			if copied[i], err = copyPlain(child); err != nil {
				return nil, err
			}
		}
		return copied, nil
	default:
		return copyValue(reflect.ValueOf(value))
	}
}
