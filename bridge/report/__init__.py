"""What a finished run is handed on as: checks, JUnit XML, a page. Functions of the journal."""
