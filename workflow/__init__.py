"""The engine of Cunyi. It knows nothing of the web.

Folders are layers: ``core`` decides and touches nothing, ``reading`` turns files into models, ``store`` keeps
them in a database. Loose files are the doors: what the web and the command line call.
"""
