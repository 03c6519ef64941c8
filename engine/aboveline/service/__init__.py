"""The service: audits, judgements and self-assessment over HTTP and in the browser."""
