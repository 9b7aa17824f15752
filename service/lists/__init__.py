"""Lists that jurisdictions register: files read and reported on, rows mapped and confirmed."""
