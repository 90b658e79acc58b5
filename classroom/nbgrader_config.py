# nbgrader for everybody on this machine.
import pathlib
import sys

c = get_config()  # noqa: F821

c.CourseDirectory.course_id = "pagetable"
# The course of a teacher, where `deno task assignment 01 --out course` puts it.
c.CourseDirectory.root = str(pathlib.Path.home() / "textbook" / "course")
c.ClearSolutions.code_stub = {"typescript": 'throw new Error("Not done yet");'}
c.ExecutePreprocessor.timeout = 60
c.Exchange.root = str(pathlib.Path(sys.prefix).parent / "exchange")
