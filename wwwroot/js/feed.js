// The timeline feed.
