package unboundedkey

import "net/url"

type endpoint struct{ *url.URL }

var perEndpoint = map[string]int{}

// The URL of the configuration.
func use(e endpoint) { perEndpoint[e.String()]++ } // want map-grow-only
