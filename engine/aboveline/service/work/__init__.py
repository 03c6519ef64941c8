"""What is done with what is kept: plain functions that pages, the API and the worker share.

``desk`` is what all of them work with. ``uploading`` takes files in, ``auditing``
asks for audits and reads them, ``answering`` answers one case live, ``exporting``
writes an audit for download. Nothing here knows of HTTP; what cannot be done
leaves as an error of the store.
"""
